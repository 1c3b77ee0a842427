/** offlineimap copies a mailbox tree into Maildirs and brings a local flag back. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from '../support/command.js'
import { variety } from '../support/messages.js'
import { password, type ServerUnderTest } from '../support/server-under-test.js'
import { sharedServer } from './shared.js'

const user = 'anna'

describe('offlineimap', () => {
  let server: ServerUnderTest
  let place: string

  async function sync(): Promise<void> {
    const { status, stdout, stderr } = await run('offlineimap', ['-c', join(place, 'rc'), '-o', '-1', '-u', 'basic'], {
      env: { HOME: place },
    })
    expect(status, stdout + stderr).to.equal(0)
    expect(stdout + stderr).not.to.match(/\bERROR\b|Traceback/)
  }

  const messages = (folder: string): string[] =>
    ['cur', 'new'].flatMap((name) => readdirSync(join(place, 'mail', folder, name)).map((file) => join(name, file)))

  before(async () => {
    server = await sharedServer()
    place = join(server.directory, 'out/offlineimap')
    mkdirSync(place)
    writeFileSync(join(place, 'rc'), configuration(server.imapPort, place))
    await server.addMailboxes([`user.${user}.box`])
    await server.deliver(user, variety('offlineimap'))
  })

  it('pulls every message whole', async () => {
    await sync()
    const local = messages('INBOX').map((file) => readFileSync(join(place, 'mail/INBOX', file), 'latin1'))
    expect(local).to.have.length(5)
    const ids = local.map((text) => /offlineimap-(\w+)@/.exec(text)?.[1]).sort()
    expect(ids).to.deep.equal(['dots', 'empty', 'long', 'parts', 'plain'])
    const dots = (await server.spoolFile(`user/${user}/5.`)).toString('latin1').replaceAll('\r\n', '\n')
    expect(local).to.include(dots)
    expect(readdirSync(join(place, 'mail'))).to.include('INBOX.box')
  })

  it('brings a local flag to the server', async () => {
    const [file = ''] = messages('INBOX')
    renameSync(
      join(place, 'mail/INBOX', file),
      join(place, 'mail/INBOX/cur', `${file.slice(4).replace(/:2,.*/, '')}:2,FS`),
    )
    await sync()
    const client = await server.imap(user)
    await client.ok('SELECT INBOX')
    expect((await client.ok('SEARCH FLAGGED SEEN')).untagged.join()).to.match(/^\* SEARCH \d$/)
    await client.logout()
  })
})

function configuration(port: number, place: string): string {
  return `[general]
accounts = check
metadata = ${place}/meta
[Account check]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = ${place}/mail
[Repository far]
type = IMAP
remotehost = 127.0.0.1
remoteport = ${port}
remoteuser = ${user}
remotepass = ${password}
ssl = no
starttls = no
auth_mechanisms = PLAIN
`
}
