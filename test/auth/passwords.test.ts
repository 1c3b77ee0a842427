/** Where passwords live: our sasldb, saslauthd's socket, both in order, and what is remembered. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { account, type NameRules } from '../../src/auth/account.js'
import { denyListFile, readDenyList, writeDenyList } from '../../src/auth/deny-list.js'
import { groupFile, readGroups } from '../../src/auth/groups.js'
import { keptForms, openSignIn, SignInConfigurationError } from '../../src/auth/open-sign-in.js'
import { PasswordMemory } from '../../src/auth/password-memory.js'
import { type PasswordSource, Passwords } from '../../src/auth/passwords.js'
import { sameBytes } from '../../src/auth/same-bytes.js'
import { askSaslauthd } from '../../src/auth/saslauthd.js'
import { Sasldb } from '../../src/auth/sasldb.js'
import { loadOptions } from '../../src/config/imapd-conf.js'

const rules: NameRules = {
  toLower: true,
  virtdomains: 'off',
  defaultDomain: 'internal',
  realm: 'host',
  loginRealms: ['r'],
}
const verifierOnly = { plain: false, scram: [], digestMd5: false }

describe('auth passwords', () => {
  let directory = ''
  let closers: (() => unknown)[] = []
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-auth-'))
  })
  afterEach(async () => {
    for (const close of closers) await close()
    closers = []
    rmSync(directory, { recursive: true })
  })

  /** A saslauthd that knows paul; `questions` is what it was asked. */
  async function saslauthd(answer?: (password: string) => Buffer): Promise<{ path: string; questions: string[][] }> {
    const path = join(directory, 'mux')
    const questions: string[][] = []
    const server: Server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (bytes: Buffer) => {
        const strings: string[] = []
        for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at))
          strings.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)).toString())
        questions.push(strings)
        const said = strings[0] === 'paul' && strings[1] === 'pencil' ? 'OK' : 'NO no such'
        socket.end(answer?.(strings[1] ?? '') ?? Buffer.concat([Buffer.from([0, said.length]), Buffer.from(said)]))
      })
    }).listen(path)
    await new Promise((resolve) => server.once('listening', resolve))
    closers.push(() => new Promise((resolve) => server.close(resolve)))
    return { path, questions }
  }

  const passwords = (sources: readonly PasswordSource[], span = 0): Passwords =>
    new Passwords({ sources, rules, memory: new PasswordMemory(span, Date.now) })

  it('asks saslauthd for login, password, service and realm', async () => {
    const { path, questions } = await saslauthd()
    const source = passwords([{ kind: 'saslauthd', path: directory }])
    expect((await source.check('paul', { password: 'pencil', service: 'imap' })).kind).to.equal('good')
    expect((await source.check('paul@r', { password: 'pencil', service: 'pop' })).kind).to.equal('good')
    expect((await source.check('paul', { password: 'wrong', service: 'imap' })).kind).to.equal('wrong')
    expect((await source.check('../paul', { password: 'pencil', service: 'imap' })).kind).to.equal('wrong')
    expect(questions).to.deep.equal([
      ['paul', 'pencil', 'imap', ''],
      ['paul', 'pencil', 'pop', 'r'],
      ['paul', 'wrong', 'imap', ''],
    ])
    expect(path).to.include('mux')
  })

  it('does not mistake an absent or broken saslauthd for a wrong password', async () => {
    const who = account('paul', rules)
    if (!who) throw new Error('no account')
    const question = { account: who, password: 'pencil', service: 'imap' }
    const absent = await askSaslauthd(join(directory, 'nowhere'), question)
    expect(absent.kind).to.equal('unavailable')
    const { path } = await saslauthd(() => Buffer.from([0, 9, 79]))
    expect((await askSaslauthd(path, question)).kind).to.equal('unavailable')
    expect((await askSaslauthd(path, { ...question, password: 'x'.repeat(70_000) })).kind).to.equal('wrong')
  })

  it('tries its sources in order', async () => {
    const { path, questions } = await saslauthd()
    const sasldb = new Sasldb(join(directory, 'sasldb'))
    closers.push(() => sasldb.close())
    await sasldb.setPassword({ user: 'anne', realm: 'host' }, { password: 'a', kept: verifierOnly, existing: false })
    const both = passwords([
      { kind: 'auxprop', sasldb },
      { kind: 'saslauthd', path },
    ])
    expect((await both.check('anne', { password: 'a', service: 'imap' })).kind).to.equal('good')
    expect(questions.length).to.equal(0)
    expect((await both.check('paul', { password: 'pencil', service: 'imap' })).kind).to.equal('good')
    expect((await both.check('anne', { password: 'b', service: 'imap' })).kind).to.equal('wrong')
    const away = passwords([
      { kind: 'saslauthd', path: join(directory, 'none') },
      { kind: 'auxprop', sasldb },
    ])
    expect((await away.check('anne', { password: 'a', service: 'imap' })).kind).to.equal('good')
    expect((await away.check('anne', { password: 'b', service: 'imap' })).kind).to.equal('unavailable')
  })

  it('keeps a password that was shown in the forms that mechanisms want, with sasl_auto_transition', async () => {
    const { path } = await saslauthd()
    const sasldb = new Sasldb(join(directory, 'sasldb'))
    closers.push(() => sasldb.close())
    const transition = { plain: false, scram: ['sha256'], digestMd5: true } as const
    const memory = new PasswordMemory(0, Date.now)
    const sources = [{ kind: 'saslauthd', path } as const, { kind: 'auxprop', sasldb } as const]
    const source = new Passwords({ sources, rules, memory, transition })
    expect(await source.scram('paul', 'sha256')).to.equal(undefined)
    await source.check('paul', { password: 'wrong', service: 'imap' })
    expect(sasldb.list()).to.deep.equal([])
    await source.check('paul', { password: 'pencil', service: 'imap' })
    expect((await source.scram('paul', 'sha256'))?.iterations).to.equal(10_000)
    expect((await source.digestMd5('paul', { user: 'paul', realm: 'host' }))?.length).to.equal(16)
    expect(await source.digestMd5('paul@r', { user: 'paul', realm: 'r' })).to.equal(undefined)
    expect(await source.digestMd5('paul', { user: 'paul', realm: 'other' })).to.equal(undefined)
    const [before] = sasldb.list()
    await source.check('paul', { password: 'pencil', service: 'imap' })
    expect(sasldb.list()[0]?.record.version).to.equal(before?.record.version)
  })

  it('gives a user of whom only the password is kept the same SCRAM salt each time', async () => {
    const sasldb = new Sasldb(join(directory, 'sasldb'))
    closers.push(() => sasldb.close())
    const kept = { plain: true, scram: [], digestMd5: false }
    await sasldb.setPassword({ user: 'anne', realm: 'host' }, { password: 'a', kept, existing: false })
    const source = passwords([{ kind: 'auxprop', sasldb }])
    const [first, second] = [await source.scram('anne', 'sha256'), await source.scram('anne', 'sha256')]
    expect(first?.salt.equals(second?.salt ?? Buffer.alloc(0))).to.equal(true)
  })

  it('remembers for its span, per user, service and password', () => {
    let now = 0
    const memory = new PasswordMemory(1000, () => now)
    const what = { user: 'paul', service: 'imap', password: 'pencil' }
    memory.remember(what, 'v1')
    expect(memory.recall(what)).to.equal('v1')
    expect(memory.recall({ ...what, password: 'pen' })).to.equal(undefined)
    expect(memory.recall({ ...what, service: 'pop' })).to.equal(undefined)
    now = 1001
    expect(memory.recall(what)).to.equal(undefined)
    const none = new PasswordMemory(0, () => now)
    none.remember(what, 'v1')
    expect(none.recall(what)).to.equal(undefined)
  })

  it('takes as long for a user who does not exist as for a wrong password', async () => {
    const sasldb = new Sasldb(join(directory, 'sasldb'))
    closers.push(() => sasldb.close())
    await sasldb.setPassword({ user: 'anne', realm: 'host' }, { password: 'a', kept: verifierOnly, existing: false })
    const source = passwords([{ kind: 'auxprop', sasldb }])
    const least = async (user: string): Promise<number> => {
      const times: number[] = []
      for (let i = 0; i < 5; i++) {
        const start = performance.now()
        await source.check(user, { password: 'wrong', service: 'imap' })
        times.push(performance.now() - start)
      }
      return Math.min(...times)
    }
    const [known, unknown, impossible] = [await least('anne'), await least('nobody'), await least('../x')]
    for (const other of [unknown, impossible]) expect(other / known).to.be.within(0.33, 3)
  })

  it('refuses settings that let everybody in', () => {
    const conf = join(directory, 'imapd.conf')
    writeFileSync(
      conf,
      `configdirectory: ${directory}\npartition-default: ${directory}\nsasl_pwcheck_method: alwaystrue\n`,
    )
    expect(() => openSignIn(loadOptions(conf))).to.throw(SignInConfigurationError, /alwaystrue lets everybody in/)
  })

  it('keeps of a password what the mechanisms need', () => {
    expect(keptForms({ sasl_mech_list: ['plain', 'scram-sha-256'], allowapop: false })).to.deep.equal({
      plain: false,
      plainFor: [],
      scram: ['sha256'],
      digestMd5: false,
    })
    expect(keptForms({ sasl_mech_list: [], allowapop: true }).plain).to.equal(true)
  })

  it('reads groups, again when the file changes', () => {
    expect(readGroups('a:x:1:paul,anne\n#b:x:2:paul\nc:x:3:\nd:x:4:paul\n').get('paul')).to.deep.equal(['a', 'd'])
    const path = join(directory, 'group')
    let now = 0
    const groups = groupFile(path, () => now)
    expect(groups.of('paul')).to.deep.equal([])
    writeFileSync(path, 'staff:x:1:paul\n')
    now += 60_000
    expect(groups.of('paul')).to.deep.equal(['staff'])
  })

  it('denies users services, by patterns', () => {
    const path = join(directory, 'user_deny.db')
    writeDenyList(path, [
      { user: 'paul', services: 'imap,pop*', message: 'pay\tyour bill' },
      { user: 'anne', services: '*', message: '' },
    ])
    const list = denyListFile(path)
    expect(list.denied('paul', ['imap'])).to.equal('pay your bill')
    expect(list.denied('paul', ['pop'])).to.equal('pay your bill')
    expect(list.denied('paul', ['sieve'])).to.equal(undefined)
    expect(list.denied('anne', ['sieve'])).to.equal('Access to this service has been blocked')
    expect(list.denied('bob', ['imap'])).to.equal(undefined)
    expect(readDenyList(join(directory, 'none'))).to.deep.equal([])
  })

  it('compares secrets of any length', () => {
    expect(sameBytes(Buffer.from('a'), Buffer.from('a'))).to.equal(true)
    expect(sameBytes(Buffer.from('a'), Buffer.from('ab'))).to.equal(false)
    expect(sameBytes(Buffer.alloc(0), Buffer.alloc(0))).to.equal(true)
  })
})
