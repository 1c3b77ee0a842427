/** SIGHUP: master reads cyrus.conf again, opens and closes services, and no client is dropped. */
import { expect } from 'chai'
import { ImapClient } from '../support/imap-client.js'
import { message } from '../support/messages.js'
import { processTree, signal } from '../support/processes.js'
import { answersAt, password, ServerUnderTest } from '../support/server-under-test.js'
import { freePort, until } from '../support/wait.js'

describe('SIGHUP to master', () => {
  let server: ServerUnderTest
  let extraPort: number

  before(async () => {
    server = await ServerUnderTest.start({}, ['paul'])
    extraPort = await freePort()
  })
  after(() => server.remove())

  it('opens a new service and keeps every client', async () => {
    await server.deliver('paul', [message({ id: 'reload-1' })])
    const reader = await server.imap('paul')
    await reader.ok('SELECT INBOX')
    const idler = await server.imap('paul')
    await idler.ok('SELECT INBOX')
    const idled = idler.idle()
    let sender = await server.lmtp()

    server.writeConfiguration({ services: [`imap2 cmd="imapd" listen="127.0.0.1:${extraPort}"`] })
    signal(server.masterPid, 'SIGHUP')
    await until('the new service', () => answersAt({ port: extraPort, host: '127.0.0.1' }))

    await reader.ok('NOOP')
    expect((await reader.ok('FETCH 1 BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]')).untagged.join()).to.include('reload-1')
    // Cyrus's lmtpd ends waiting sessions on SIGHUP with a 421, and its new idled does not know who idles; ours must.
    if (server.make === 'cyrus') sender = await server.lmtp()
    expect((await sender.deliver('mary@example.test', ['paul'], message({ id: 'reload-2' })))[0]).to.match(/^250/)
    if (server.make !== 'cyrus') await until('news in IDLE', () => idler.unasked.includes('* 2 EXISTS'), 10_000)
    idler.idleDone()
    await idled
    const late = await ImapClient.login(extraPort, 'paul', password)
    expect((await late.ok('STATUS INBOX (MESSAGES)')).untagged[0]).to.include('MESSAGES 2')
    for (const client of [reader, idler, late]) await client.logout()
    sender.close()
  })

  it('closes a service that is gone from the file, and serves the others', async () => {
    const staying = await server.imap('paul')
    server.writeConfiguration({ services: [] })
    signal(server.masterPid, 'SIGHUP')
    await until('the port to close', async () => !(await answersAt({ port: extraPort, host: '127.0.0.1' })))
    await staying.ok('NOOP')
    await staying.logout()
    await (await server.imap('paul')).logout()
  })

  it('stops on SIGTERM within 20 seconds, with clients connected, and leaves no process', async () => {
    const connected = await server.imap('paul')
    const took = await server.down()
    expect(took).to.be.below(20_000)
    expect(processTree(server.masterPid)).to.deep.equal([])
    expect(await answersAt({ port: server.imapPort, host: '127.0.0.1' })).to.equal(false)
    connected.socket.destroy()
  })
})
