/** saslpasswd2 and sasldblistusers2: what is kept, for whom, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { cyrDeny } from '../../src/admin/cyr-deny.js'
import { sasldblistusers2 } from '../../src/admin/sasldblistusers2.js'
import { saslpasswd2 } from '../../src/admin/saslpasswd2.js'

describe('admin saslpasswd2', () => {
  let directory = ''
  let said: string[] = []
  const conf = (more = ''): string => {
    const path = join(directory, 'imapd.conf')
    writeFileSync(
      path,
      `configdirectory: ${directory}\npartition-default: ${directory}\nservername: mail.example.com\n${more}`,
    )
    return path
  }
  const run = async (args: string, password: string | undefined = 'pencil'): Promise<number> => {
    said = []
    const say = (line: string): number => said.push(line)
    const terminal = { out: say, error: say, password: () => Promise.resolve(password) }
    const words = args.split(' ')
    return words[0] === 'list'
      ? sasldblistusers2(['-C', join(directory, 'imapd.conf'), ...words.slice(1)], terminal)
      : saslpasswd2(['-C', join(directory, 'imapd.conf'), ...words], terminal)
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-sasl-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('keeps a verifier only, when nothing needs more', async () => {
    conf('allowapop: no\n')
    expect(await run('-c -p Paul')).to.equal(0)
    expect(said).to.deep.equal([])
    expect(await run('list -v')).to.equal(0)
    expect(said).to.deep.equal(['paul@mail.example.com: verifier'])
  })

  it('keeps what the mechanisms need, and says once when that is the password', async () => {
    conf('sasl_mech_list: PLAIN CRAM-MD5 SCRAM-SHA-256 DIGEST-MD5\n')
    expect(await run('-c -p -u example.org anne')).to.equal(0)
    expect(said).to.deep.equal([
      'saslpasswd2: the password itself is kept, since CRAM-MD5 and APOP (allowapop: yes) cannot do without it',
    ])
    await run('list -v')
    expect(said.map((line) => line.replace('anne@example.org: ', ''))).to.deep.equal([
      ...['userPassword', 'verifier', 'SCRAM-SHA-256', 'DIGEST-MD5'],
    ])
    expect(await run('-c -p -n -u example.org anne')).to.equal(0)
    await run('list')
    expect(said).to.deep.equal(['anne@example.org: verifier'])
  })

  it('makes only with -c, changes, removes', async () => {
    conf('allowapop: no\n')
    expect(await run('-p paul')).to.equal(67)
    expect(await run('-c paul@example.org')).to.equal(0)
    expect(await run('paul@example.org')).to.equal(0)
    expect(await run('-d -u example.org paul')).to.equal(0)
    expect(await run('-d -u example.org paul')).to.equal(0)
    expect(said[0]).to.equal('saslpasswd2: there is no paul@example.org')
    await run('list')
    expect(said).to.deep.equal([])
  })

  it('denies and allows, as cyr_deny does', () => {
    conf()
    const deny = (args: string): number => {
      said = []
      const say = (line: string): number => said.push(line)
      return cyrDeny(['-C', join(directory, 'imapd.conf'), ...args.split(' ').filter((word) => word !== '')], {
        out: say,
        error: say,
      })
    }
    expect([deny('-s imap,pop* -m Bill paul'), deny('anne'), deny('bob'), deny('-a bob')]).to.deep.equal([0, 0, 0, 0])
    expect(deny('-l')).to.equal(0)
    expect(said).to.deep.equal(['paul\timap,pop*\tBill', 'anne\t*\tAccess to this service has been blocked'])
    expect([deny(''), deny('-l paul'), deny('-a'), deny('-x paul')]).to.deep.equal([64, 64, 64, 64])
  })

  it('refuses nonsense with a reason', async () => {
    conf()
    expect(await run('-c -d paul')).to.equal(64)
    expect(await run('-c')).to.equal(64)
    expect(await run('--frob paul')).to.equal(64)
    expect(await run('-c paul', '')).to.equal(65)
    expect(await run(`-c ${'x'.repeat(600)}`)).to.equal(65)
    writeFileSync(join(directory, 'sasldb2'), 'a file of libsasl')
    expect(await run(`-c -f ${join(directory, 'sasldb2')} paul`)).to.equal(73)
    expect(said.join('\n')).to.match(/sasldb2 is a password file of libsasl: point sasl_sasldb_path/)
  })
})
