/** mbsync (isync) pulls a mailbox byte for byte, pushes a new message and flags, and then has nothing left to do. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { must } from '../support/command.js'
import { message, variety } from '../support/messages.js'
import { password, type ServerUnderTest } from '../support/server-under-test.js'
import { sharedServer } from './shared.js'

const user = 'carl'
/** What mbsync adds to every message that it stores, to find it again; nothing else may differ. */
const mark = /^X-TUID: .*\n/m

describe('mbsync', () => {
  let server: ServerUnderTest
  let place: string
  const inbox = (): string[] =>
    ['cur', 'new'].flatMap((name) => readdirSync(join(place, 'mail/INBOX', name)).map((file) => `${name}/${file}`))
  const sync = (): Promise<string> => must('mbsync', ['-c', join(place, 'mbsyncrc'), '-a', '-V'])

  before(async () => {
    server = await sharedServer()
    place = join(server.directory, 'out/mbsync')
    mkdirSync(join(place, 'mail'), { recursive: true })
    writeFileSync(join(place, 'mbsyncrc'), configuration(server.imapPort, place))
    await server.addMailboxes([`user.${user}.Sent`, `user.${user}.Sent.2026`])
    await server.deliver(user, variety('mbsync'))
  })

  it('pulls every message byte for byte', async () => {
    await sync()
    const files = inbox()
    expect(files).to.have.length(5)
    const local = files.map((file) => readFileSync(join(place, 'mail/INBOX', file), 'latin1').replace(mark, ''))
    const spool = await server.spoolTexts([1, 2, 3, 4, 5].map((uid) => `user/${user}/${uid}.`))
    // A Maildir holds LF line ends: mbsync turns each CR LF into LF and back.
    expect(local.sort()).to.deep.equal(spool.map((text) => text.replaceAll('\r\n', '\n')).sort())
  })

  it('makes the folders below INBOX', () => {
    expect(readdirSync(join(place, 'mail'), { recursive: true }).join()).to.include('Sent')
  })

  it('pushes a flag and a new message', async () => {
    const [first = ''] = inbox()
    const name = first.slice(4).replace(/:2,.*/, '')
    renameSync(join(place, 'mail/INBOX', first), join(place, 'mail/INBOX/cur', `${name}:2,FS`))
    const mine = message({ id: 'mbsync-pushed' }).replaceAll('\r\n', '\n')
    writeFileSync(join(place, 'mail/INBOX/cur/1.pushed.here:2,S'), mine, 'latin1')
    await sync()
    const client = await server.imap(user)
    await client.ok('SELECT INBOX')
    const flagged = await client.ok('SEARCH FLAGGED SEEN')
    expect(flagged.untagged.join()).to.match(/^\* SEARCH \d+$/)
    const pushed = await client.ok('SEARCH HEADER Message-ID mbsync-pushed SEEN')
    expect(pushed.untagged.join()).to.match(/^\* SEARCH \d+$/)
    await client.logout()
    const spool = (await server.spoolFile(`user/${user}/6.`)).toString('latin1')
    expect(spool.replaceAll('\r\n', '\n').replace(mark, '')).to.equal(mine)
  })

  it('then finds nothing to do', async () => {
    const before = inbox().sort()
    await sync()
    expect(inbox().sort()).to.deep.equal(before)
    const client = await server.imap(user)
    expect((await client.ok('STATUS INBOX (MESSAGES UIDNEXT)')).untagged[0]).to.match(/MESSAGES 6 UIDNEXT 7/)
    await client.logout()
  })
})

function configuration(port: number, place: string): string {
  return `IMAPAccount check
Host 127.0.0.1
Port ${port}
User ${user}
Pass ${password}
SSLType None
AuthMechs *

IMAPStore far
Account check

MaildirStore near
Path ${place}/mail/
Inbox ${place}/mail/INBOX
SubFolders Verbatim

Channel check
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
`
}
