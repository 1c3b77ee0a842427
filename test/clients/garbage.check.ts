/** Garbage on every port: the server lives, says so or hangs up, and nobody else notices. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect } from 'chai'
import { ImapClient } from '../support/imap-client.js'
import { message } from '../support/messages.js'
import { password, type ServerUnderTest } from '../support/server-under-test.js'
import { sleep } from '../support/wait.js'
import { sharedServer } from './shared.js'

const user = 'nora'

describe('Garbage on every port', () => {
  let server: ServerUnderTest

  before(async () => {
    server = await sharedServer()
  })

  /** Sends these bytes, waits for the end of the connection or a moment, and goes away. */
  async function throwAt(address: { port: number; host: string } | { path: string }, bytes: Buffer): Promise<string> {
    const socket = connect(address)
    const said: Buffer[] = []
    socket.on('data', (piece: Buffer) => said.push(piece))
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(bytes)
    await Promise.race([new Promise((resolve) => socket.on('close', resolve)), sleep(700)])
    socket.destroy()
    return Buffer.concat(said).toString('latin1')
  }

  const places = (): readonly (readonly [string, { port: number; host: string } | { path: string }])[] => [
    ['imap', { port: server.imapPort, host: '127.0.0.1' }],
    ['pop3', { port: server.pop3Port, host: '127.0.0.1' }],
    ['lmtp', { port: server.lmtpPort, host: '127.0.0.1' }],
    ['lmtp socket', { path: server.lmtpSocket }],
  ]

  const binary = Buffer.from([...Array(65_536).keys()].map((at) => (at * 7919 + (at >> 3)) & 255))
  const garbage: readonly (readonly [string, Buffer])[] = [
    ['binary noise', binary],
    ['a line of 10 MB', Buffer.alloc(10_000_000, 'A')],
    ['many empty lines', Buffer.from('\r\n'.repeat(2_000))],
    ['a TLS hello', Buffer.from('16030100750100007103034a', 'hex')],
    ['huge literals', Buffer.from('a LOGIN {99999999999999}\r\nb APPEND x {4294967296+}\r\n* {-1}\r\n')],
    ['invalid UTF-7', Buffer.from('a SELECT &AAAA\r\nb LIST "" "&&-"\r\n')],
    ['deep nesting', Buffer.from(`a FETCH 1 ${'('.repeat(20_000)}\r\na SEARCH ${'NOT '.repeat(20_000)}ALL\r\n`)],
  ]

  for (const [name, bytes] of garbage) {
    it(`${name}: others go on`, async () => {
      const bystander = await server.imap(user)
      await bystander.ok('SELECT INBOX')
      await Promise.all(places().map(([, address]) => throwAt(address, bytes)))
      expect(bystander.alive).to.equal(true)
      await bystander.ok('NOOP')
      await bystander.logout()
    })
  }

  it('and a logged-in client with absurd commands gets answers', async () => {
    const client = await ImapClient.login(server.imapPort, user, password)
    await client.ok('SELECT INBOX')
    for (const line of [
      'FETCH 1:4294967295 (FLAGS',
      'FETCH 0 FLAGS',
      'STORE 1 +FLAGS (\\Nonsense \\\\)',
      'SEARCH NOT',
      'SEARCH CHARSET x-none ALL',
      'FETCH 1 BODY[1.2.3.4.5.6.7.8.9.10.MIME]<5.0>',
      'SELECT "&&&"',
      'CREATE user..double',
      'RENAME INBOX INBOX',
      'UID FETCH 4294967296 FLAGS',
      'NONSENSE',
    ]) {
      const { status } = await client.command(line)
      expect(status, line).to.match(/^(NO|BAD|OK)$/)
      if (!client.alive) break
    }
    expect(client.alive).to.equal(true)
    await client.ok('NOOP')
    await client.logout()
  })

  it('and mail still comes in', async () => {
    await server.deliver(user, [message({ id: 'garbage-1' })])
    expect((await server.spoolFile(`user/${user}/1.`)).includes('garbage-1')).to.equal(true)
  })
})
