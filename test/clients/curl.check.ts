/** curl reads, lists, searches and stores over IMAP and POP3. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { must } from '../support/command.js'
import { message } from '../support/messages.js'
import { password, type ServerUnderTest } from '../support/server-under-test.js'
import { sharedServer } from './shared.js'

const user = 'kurt'

describe('curl', () => {
  let server: ServerUnderTest
  const curl = (...args: string[]): Promise<string> => must('curl', ['-sS', '-u', `${user}:${password}`, ...args])

  before(async () => {
    server = await sharedServer()
    await server.deliver(user, [message({ id: 'curl-1' }), message({ id: 'curl-2' })])
  })

  it('reads a message by its UID over IMAP, byte for byte', async () => {
    const text = await curl(`imap://127.0.0.1:${server.imapPort}/INBOX;UID=2`)
    expect(text).to.equal((await server.spoolFile(`user/${user}/2.`)).toString('utf8'))
  })

  it('lists, searches, and appends over IMAP', async () => {
    expect(await curl(`imap://127.0.0.1:${server.imapPort}/`)).to.match(/^\* LIST \(.*\) "\." INBOX\r$/m)
    expect(await curl(`imap://127.0.0.1:${server.imapPort}/INBOX?NEW`)).to.match(/^\* SEARCH/)
    const added = message({ id: 'curl-3' })
    const file = join(server.directory, 'out/curl-message')
    writeFileSync(file, added, 'latin1')
    await curl('-T', file, `imap://127.0.0.1:${server.imapPort}/INBOX`)
    const client = await server.imap(user)
    await client.ok('SELECT INBOX')
    expect((await client.ok('SEARCH HEADER Message-ID curl-3')).untagged.join()).to.equal('* SEARCH 3')
    await client.logout()
  })

  it('reads a message over POP3', async () => {
    const text = await curl(`pop3://127.0.0.1:${server.pop3Port}/1`)
    expect(text).to.equal((await server.spoolFile(`user/${user}/1.`)).toString('utf8'))
    expect(await curl(`pop3://127.0.0.1:${server.pop3Port}/`)).to.match(/^1 \d+\r\n2 \d+\r\n/)
  })
})
