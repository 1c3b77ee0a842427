// The SMTP door in front of an lmtpd session: replies come from lmtpd, bytes arrive as they were sent.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { LmtpClient, showReply } from '../../../src/client/lmtp/client.js'
import { noLog } from '../../../src/log/log.js'
import { Connection } from '../../../src/net/connection.js'
import { type Door, openDoor } from '../../../src/services/smtpdoor/door.js'
import { type TestServer, testServer } from '../lmtpd/lmtp-server.js'

describe('SMTP door', () => {
  let directory: string
  let listener: Server
  let lmtpd: TestServer
  let door: Door

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'door-'))
    const path = join(directory, 'lmtp')
    lmtpd = testServer()
    lmtpd.fake.add('user.paul')
    lmtpd.fake.add('user.mary')
    lmtpd.fake.add('user.full')
    lmtpd.fake.limit('user.full', { storage: 1, used: 5000 })
    listener = createServer((socket) => void lmtpd.serve(new Connection(socket)))
    await new Promise<void>((resolve) => listener.listen(path, resolve))
    door = await openDoor(
      { host: '127.0.0.1', port: 0 },
      { lmtp: { path }, name: 'here', log: noLog, maxMessageSize: 0 },
    )
  })
  after(async () => {
    await door.close()
    await new Promise((resolve) => listener.close(resolve))
    rmSync(directory, { recursive: true })
  })

  const open = () =>
    LmtpClient.open({ address: { host: '127.0.0.1', port: door.port }, name: 'me', timeout: 5000, protocol: 'SMTP' })

  it('delivers', async () => {
    const client = await open()
    expect((await client.mail('fred@example.org')).code).to.equal(250)
    expect((await client.rcpt('paul@example.com')).code).to.equal(250)
    expect((await client.rcpt('mary@example.com')).code).to.equal(250)
    const unknown = await client.rcpt('nobody@example.com')
    expect(showReply(unknown)).to.match(/^550 5\.1\.1 .*User unknown/)
    expect((await client.rcpt('full@example.com')).code).to.equal(452)
    const message = Buffer.from('Message-ID: <1@door>\r\n\r\n.dot\r\n..\r\nend\r\n')
    const [reply] = await client.data([message.subarray(0, 27), message.subarray(27)])
    expect(reply?.code).to.equal(250)
    for (const name of ['user.paul', 'user.mary'])
      expect(lmtpd.fake.messages.get(name)?.at(-1)).to.match(
        /^Return-Path: <fred@example.org>\r\nReceived: .*\+\d{4}\r\nMessage-ID: <1@door>\r\n\r\n\.dot\r\n\.\.\r\nend\r\n$/s,
      )
    await client.quit()
  })

  it('says when lmtpd cannot store', async () => {
    const client = await open()
    for (const [failure, code] of [
      ['diskFull', 452],
      ['unavailable', 451],
    ] as const) {
      lmtpd.fake.failNext(failure)
      await client.mail('')
      await client.rcpt('paul@example.com')
      const [reply] = await client.data([Buffer.from('Subject: x\r\n\r\n')])
      expect(reply?.code).to.equal(code)
    }
    await client.quit()
  })

  it('opens on loopback only', async () => {
    const options = { lmtp: { path: '/nowhere' }, name: 'here', log: noLog, maxMessageSize: 0 }
    const error = await openDoor({ host: '0.0.0.0', port: 0 }, options).catch((caught: unknown) => caught)
    expect(String(error)).to.match(/loopback only/)
  })
})
