// What transcripts do not show: faults of the store, the log, stopping, autocreate.
import { expect } from 'chai'
import type { Connection } from '../../../src/net/connection.js'
import { type TestServer, testServer } from './lmtp-server.js'

const message = 'Message-ID: <a@b>\r\n\r\nx\r\n.\r\n'

/** Sends, and reads so many lines. */
async function say(client: Connection, text: string, lines: number): Promise<string[]> {
  client.write(text)
  const said: string[] = []
  while (said.length < lines) said.push((await client.readLine(1000))?.toString() ?? 'end')
  return said
}

async function ready(server: TestServer) {
  server.fake.add('user.paul')
  server.fake.add('user.mary')
  const connected = server.connect()
  await say(connected.client, 'LHLO x\r\n', 12)
  return connected
}

const envelope = 'MAIL FROM:<a@b>\r\nRCPT TO:<paul>\r\nRCPT TO:<mary>\r\nDATA\r\n'

describe('lmtpd session', () => {
  it('answers refusals of the store for each recipient', async () => {
    const server = testServer()
    const { client } = await ready(server)
    for (const [kind, reply] of [
      ['overQuota', '452 4.2.2'],
      ['diskFull', '452 4.3.1'],
      ['inUse', '451 4.2.0'],
      ['noSuchMailbox', '451 4.2.0'],
      ['unavailable', '451 4.3.0'],
    ] as const) {
      server.fake.failNext(kind)
      const said = await say(client, envelope + message, 6)
      for (const line of said.slice(4)) expect(line, kind).to.match(new RegExp(`^${reply}`))
    }
    client.destroy()
  })

  it('answers 451 when something is wrong with us, and goes on', async () => {
    const server = testServer()
    const { client } = await ready(server)
    server.fake.failNext(new Error('a bug'))
    const said = await say(client, envelope + message, 6)
    expect(said.slice(4)).to.deep.equal(Array(2).fill('451 4.3.0 System error, the log says more'))
    expect(server.log.some(({ name }) => name === 'bug')).to.equal(true)
    expect((await say(client, envelope + message, 6))[5]).to.equal('250 2.1.5 Success SESSIONID=<lmtp-1>')
    client.destroy()
  })

  it('logs as Cyrus does', async () => {
    const server = testServer()
    const { client } = await ready(server)
    await say(client, envelope + message, 6)
    await say(client, `RSET\r\n${envelope}${message.replace('x', 'y')}`, 7)
    const texts = server.log.map(({ text }) => text)
    expect(texts).to.deep.equal([
      'Delivered: <a@b> to mailbox: user.paul',
      'Delivered: <a@b> to mailbox: user.mary',
      'dupelim: eliminated duplicate message to user.paul id <a@b>',
      'dupelim: eliminated duplicate message to user.mary id <a@b>',
    ])
    client.destroy()
  })

  it('writes the audit log when asked', async () => {
    const server = testServer({ auditlog: true })
    const { client } = await ready(server)
    await say(client, envelope + message, 6)
    expect(server.log.map(({ text }) => text)[1]).to.match(
      /^auditlog: append sessionid=<lmtp-1> mailbox=<user\.paul> uid=<1> guid=<[0-9a-f]{40}>$/,
    )
    client.destroy()
  })

  it('stores one message for several recipients in one change', async () => {
    const server = testServer()
    const { client } = await ready(server)
    await say(client, envelope + message, 6)
    expect(server.fake.appended.map(({ targets }) => targets.length)).to.deep.equal([2])
    client.destroy()
  })

  it('keeps nothing of a message that was cut off', async () => {
    const server = testServer()
    const { client, over } = await ready(server)
    await say(client, envelope, 4)
    client.write('Subject: half')
    await client.flushed()
    client.destroy()
    await over
    expect(server.fake.appended).to.deep.equal([])
  })

  it('says good-bye when told to stop, after the command under way', async () => {
    const server = testServer()
    const { client, over, stop } = await ready(server)
    stop()
    expect(await client.readLine(1000)).to.satisfy((line: Buffer) => line.toString().startsWith('421 4.3.2 '))
    await client.close()
    await over
  })

  it('makes an INBOX when it may', async () => {
    const asked: string[] = []
    const server: TestServer = testServer(
      {},
      {
        autocreate: async (user) => {
          asked.push(user)
          server.fake.add(`user.${user}`)
          return true
        },
      },
    )
    const { client } = await ready(server)
    const said = await say(client, 'MAIL FROM:<>\r\nRCPT TO:<new>\r\nRCPT TO:<new>\r\n', 3)
    expect(said).to.deep.equal(['250 2.1.0 ok', '250 2.1.5 ok', '250 2.1.5 ok'])
    expect(asked).to.deep.equal(['new'])
    client.destroy()
  })

  it('sends a client away that only makes mistakes', async () => {
    const server = testServer()
    const { client, over } = await ready(server)
    const said = await say(client, 'x\r\n'.repeat(150), 101)
    expect(said[100]).to.equal('end')
    await client.close()
    await over
  })

  it('survives lines without end', async () => {
    const server = testServer()
    const { client } = await ready(server)
    expect(await say(client, `${'x'.repeat(200_000)}\r\nNOOP\r\n`, 2)).to.deep.equal([
      '500 5.5.2 Line too long',
      '250 2.0.0 ok',
    ])
    client.destroy()
  })
})
