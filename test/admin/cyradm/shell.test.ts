// The shell against scripted servers: verbs to commands, answers to lines, errors to words and statuses.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import { BadCommandLine, readCommandLine } from '../../../src/admin/cyradm/command-line.js'
import { complete } from '../../../src/admin/cyradm/completion.js'
import { addressOf } from '../../../src/admin/cyradm/connect.js'
import { Script } from '../../../src/admin/cyradm/script.js'
import { CyradmShell, type ShellSettings } from '../../../src/admin/cyradm/shell.js'
import type { Terminal } from '../../../src/admin/cyradm/terminal.js'
import { verbs } from '../../../src/admin/cyradm/verbs.js'
import { scripted } from '../../client/scripted-server.js'

const SIGN_IN = `S: * OK [CAPABILITY IMAP4rev1 SASL-IR LIST-EXTENDED AUTH=PLAIN] ready
  C: a1 AUTHENTICATE PLAIN AGN5cnVzAHNlY3JldA==
  S: a1 OK [CAPABILITY IMAP4rev1 LIST-EXTENDED] done`

interface Run {
  readonly out: string
  readonly err: string
  readonly status: number
  readonly shell: CyradmShell
}

interface Setting {
  readonly settings?: Partial<ShellSettings>
  readonly answers?: boolean[]
  /** Before the script's first line. */
  readonly password?: string
}

/** Runs the lines of a script in a shell that signed in. */
async function run(
  transcript: string,
  script: string,
  { settings = {}, answers, password = '' }: Setting = {},
): Promise<Run> {
  const server = await scripted(`${SIGN_IN}\n${transcript}\nC: ${'…'}\nS: * BYE\nS:close`)
  const texts = { out: '', err: '' }
  const lines = new Script(Readable.from([`${password}${script}`]), 'stdin')
  const terminal: Terminal = {
    interactive: answers !== undefined,
    write: (text) => {
      texts.out += text
    },
    writeError: (text) => {
      texts.err += text
    },
    password: () => lines.password(),
    confirm: async (question) => {
      texts.out += `${question}\n`
      return answers?.shift() ?? true
    },
  }
  const shell = new CyradmShell(
    {
      user: 'cyrus',
      password: 'secret',
      tls: { use: 'offered' },
      json: false,
      dryRun: false,
      timeout: 2000,
      port: server.port,
      ...settings,
    },
    terminal,
  )
  await shell.connect('127.0.0.1', { authenticate: true })
  await lines.run(shell)
  const result = { ...texts, status: shell.leaving?.status ?? shell.status, shell }
  await shell.disconnect()
  await server.done()
  return result
}

describe('admin/cyradm/shell', () => {
  it('creates, says what was refused and where, and goes on', async () => {
    const { out, err, status } = await run(
      `C: a2 CREATE user.paul
       S: a2 OK x
       C: a3 CREATE user.paul second
       S: a3 NO Mailbox already exists
       C: a4 GETACL user.paul
       S: * ACL user.paul paul lrs -dave xc
       S: a4 OK x`,
      'cm user.paul\n\n# a comment\ncm user.paul second\nlam user.paul\n',
    )
    expect(err).to.equal('createmailbox: Mailbox already exists (stdin line 4)\n')
    expect(out).to.equal('paul lrs\n-dave xc\n')
    expect(status).to.equal(0)
  })

  it('has the status of the last command, or the one it is told', async () => {
    expect((await run('C: a2 DELETE a\nS: a2 NO no', 'dm a')).status).to.equal(1)
    expect((await run('C: a2 DELETE a\nS: a2 NO no', 'dm a\nexit')).status).to.equal(1)
    expect((await run('', 'exit 7\ncm never')).status).to.equal(7)
  })

  it('shows how a verb is used', async () => {
    const { err } = await run('', 'cm; sq\nlam a b\nlm -x\nbogus\nlm "')
    expect(err.split('\n')).to.deep.equal([
      'usage: createmailbox [--partition partition] [--specialuse specialuse] mailbox [partition] (stdin line 1)',
      'usage: setquota mailbox limit num [limit num ...]',
      '       setquota mailbox num (stdin line 1)',
      'usage: listaclmailbox mailbox (stdin line 2)',
      'usage: listmailbox [-subscribed] [-specialuse] [pattern [base]] (stdin line 3)',
      'bogus: unknown command, see help (stdin line 4)',
      'cyradm: no closing " (stdin line 5)',
      '',
    ])
  })

  it("runs a person's other words as programs, and calls the rest unknown", async () => {
    const { err, status } = await run('', 'true\nno-such-program\n', { answers: [] })
    expect(err).to.match(/^no-such-program: unknown command, see help/)
    expect(status).to.equal(1)
  })

  it('sets and shows quota as Cyrus does', async () => {
    const { out, err } = await run(
      `C: a2 SETQUOTA user.paul (STORAGE 1000)
       S: a2 OK x
       C: a3 GETQUOTA user.paul
       S: * QUOTA user.paul (STORAGE 10 1000)
       S: a3 OK x
       C: a4 GETQUOTAROOT user.paul
       S: * QUOTAROOT user.paul user.paul
       S: * QUOTA user.paul (STORAGE 10 1000)
       S: a4 OK x
       C: a5 SETQUOTA user.paul (STORAGE 5 MESSAGE 6)
       S: a5 OK x
       C: a6 SETQUOTA user.paul ()
       S: a6 OK x
       C: a7 GETQUOTA user.paul
       S: a7 NO Quota root does not exist`,
      'sq user.paul 1000\nlq user.paul\nlqr user.paul\nsq user.paul STORAGE 5 MESSAGE 6\nsq user.paul none\nlq user.paul\nsq a b',
    )
    expect(out).to.equal('quota:1000\n STORAGE 10/1000 (1%)\nuser.paul STORAGE 10/1000 (1%)\nremove quota\n\nquota:b\n')
    expect(err).to.equal(
      'listquota: Quota root does not exist (stdin line 6)\nsetquota: STORAGE: b: not a number (stdin line 7)\n',
    )
  })

  it('lists in the order of names', async () => {
    const { out } = await run(
      `C: a2 LIST "" "*" RETURN (SUBSCRIBED CHILDREN)
       S: * LIST () "." user.b
       S: * LIST (\\HasChildren) "." user.a
       S: * LIST () "." shared
       S: a2 OK x`,
      'lm',
    )
    expect(out).to.equal('shared                 user.a (\\HasChildren)  user.b                 \n')
  })

  it('does to many mailboxes what names with wild cards ask', async () => {
    const { out, err } = await run(
      `C: a2 LIST "" "user.a*" RETURN (SUBSCRIBED CHILDREN)
       S: * LIST (\\NonExistent) "." user
       S: * LIST () "." user.a
       S: * LIST () "." user.ab
       S: a2 OK x
       C: a3 SETACL user.a cyrus lrswipkxtea
       S: a3 OK x
       C: a4 SETACL user.ab cyrus lrswipkxtea
       S: a4 NO Permission denied`,
      'sam user.a* cyrus all',
    )
    expect(out).to.equal('Setting ACL on user.a...OK.\nSetting ACL on user.ab...')
    expect(err).to.equal('cyrus: lrswipkxtea: Permission denied (stdin line 1)\n')
  })

  it('tests rights, with a status', async () => {
    const asked = (tag: number): string =>
      `C: a${tag} GETACL user.paul
       S: * ACL user.paul paul lrswipkxtecdan mary lrs
       S: a${tag} OK x
       C: a${tag + 1} LISTRIGHTS user.paul mary
       S: * LISTRIGHTS user.paul mary "" l r s w i p
       S: a${tag + 1} OK x`
    const { out, err, status } = await run(
      `${asked(2)}\n${asked(4)}`,
      'testacl user.paul mary read\ntam user.paul mary lrsc',
    )
    expect([out, err, status]).to.deep.equal(['yes\n', 'testacl: mary has no right kx (stdin line 2)\n', 1])
  })

  it('asks before a user goes, and deletes when told to', async () => {
    const listed = (tag: number): string =>
      `C: a${tag} LIST "" ""
       S: * LIST (\\Noselect) "." ""
       S: a${tag} OK x
       C: a${tag + 1} LIST "" ""
       S: * LIST (\\Noselect) "." ""
       S: a${tag + 1} OK x
       C: a${tag + 2} LIST "" "user.paul.*" RETURN (SUBSCRIBED CHILDREN)
       S: * LIST () "." user.paul.Sent
       S: a${tag + 2} OK x
       C: a${tag + 3} LIST "" "user.paul" RETURN (SUBSCRIBED CHILDREN)
       S: * LIST () "." user.paul
       S: a${tag + 3} OK x`
    const { out } = await run(
      `${listed(2)}
       ${listed(6)}
       C: a10 DELETE user.paul
       S: a10 OK x`,
      'dm user.paul\ndm user.paul',
      { answers: [false, true] },
    )
    expect(out).to.equal('Delete user.paul with all 2 mailboxes?\n'.repeat(2))
  })

  it('changes nothing in a dry run', async () => {
    const { out } = await run(
      `C: a2 LIST "" ""
       S: * LIST (\\Noselect) "." ""
       S: a2 OK x
       C: a3 LIST "" "user.paul.Sent" RETURN (SUBSCRIBED CHILDREN)
       S: * LIST () "." user.paul.Sent
       S: a3 OK x`,
      'cm a\ndm user.paul.Sent\nsam a b all\ndam a b\nsq a 10\nsq a none\nrenm a b\nmboxcfg a comment x\nsetinfo motd x',
      { settings: { dryRun: true } },
    )
    expect(out.split('\n')).to.deep.equal([
      'would create a',
      'would delete user.paul.Sent',
      'would give b lrswipkxtea on a',
      'would remove the rights of b on a',
      'quota:10',
      'would limit a to STORAGE 10',
      'would remove the quota of a',
      'would rename a to b',
      'would set /shared/comment of a',
      'would set /shared/motd',
      '',
    ])
  })

  it('prints values as JSON, and writes where it is told', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cyradm-'))
    const { out } = await run(
      `C: a2 GETACL a
       S: * ACL a b lrs
       S: a2 OK x
       C: a3 ID NIL
       S: * ID ("name" "Angarium")
       S: a3 OK x`,
      `lam a\nversion >${dir}/v`,
      { settings: { json: true } },
    )
    expect(JSON.parse(out)).to.deep.equal({ mailbox: 'a', acl: [{ identifier: 'b', rights: 'lrs' }] })
    expect(await readFile(join(dir, 'v'), 'utf8')).to.equal('{"name":"Angarium"}\n')
    await rm(dir, { recursive: true })
  })

  it('takes the first line of a script for the password that was not given', async () => {
    const { err } = await run('', 'cm', { settings: { password: undefined }, password: 'secret\n' })
    expect(err).to.match(/^usage: createmailbox .*\(stdin line 2\)\n$/)
  })

  it('says when the server is gone, and that it is', async () => {
    const { err, shell } = await run('', 'lm\nlm\nserver').catch(async () => {
      throw new Error('the script ended with an exception')
    })
    expect(err).to.match(/^listmailbox: .*\(stdin line 1\)\nlistmailbox: no connection to server \(stdin line 2\)\n/)
    expect(shell.prompt).to.equal('cyradm> ')
  })

  it('completes verbs, flags, rights and words of the server', async () => {
    expect(await complete('setac', undefined)).to.deep.equal([['setaclmailbox ', 'setacl '], 'setac'])
    expect((await complete('cm --p', undefined))[0]).to.deep.equal(['--partition '])
    expect((await complete('sam user.a b a', undefined))[0]).to.deep.equal(['append ', 'all '])
    expect((await complete('sam user.a b all anyo', undefined))[0]).to.deep.equal(['anyone '])
    expect((await complete('lm; hel', undefined))[0]).to.deep.equal(['help '])
    expect((await complete('cm user.', undefined))[0]).to.deep.equal([])
  })

  it('has each name once', () => {
    const names = verbs.flatMap(({ name, aliases }) => [name, ...aliases])
    expect(new Set(names).size).to.equal(names.length)
  })
})

describe('admin/cyradm/command-line', () => {
  it('reads the flags of Cyrus', () => {
    const line = readCommandLine([
      '-u',
      'cyrus',
      '-w',
      'x',
      '-a',
      'PLAIN,LOGIN',
      '-p',
      '1143',
      '-notls',
      'mail.example.org',
    ])
    if (typeof line === 'string') throw new Error(line)
    expect(line.server).to.equal('mail.example.org')
    expect(line.shell).to.deep.include({ user: 'cyrus', password: 'x', port: 1143, mechanisms: ['PLAIN', 'LOGIN'] })
    expect(line.shell.tls.use).to.equal('declined')
    expect(readCommandLine(['--help'])).to.equal('help')
  })
  for (const wrong of [['-p', 'secret'], ['--bogus'], ['a', 'b'], ['--server', 'a', 'b'], ['-p', '0']]) {
    it(`refuses ${wrong.join(' ')}`, () => expect(() => readCommandLine(wrong)).to.throw(BadCommandLine))
  }
  const addresses: [string, object][] = [
    ['host', { host: 'host', port: 143 }],
    ['host:1143', { host: 'host', port: 1143 }],
    ['[::1]:1143', { host: '::1', port: 1143 }],
    ['::1', { host: '::1', port: 143 }],
    ['/run/imap', { path: '/run/imap' }],
  ]
  for (const [server, address] of addresses)
    it(server, () => expect(addressOf(server, undefined)).to.deep.equal(address))
})
