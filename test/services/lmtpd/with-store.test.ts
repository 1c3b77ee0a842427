// lmtpd on the real store: what was acknowledged is there, byte for byte, once.
import { expect } from 'chai'
import type { Connection } from '../../../src/net/connection.js'
import { system } from '../../../src/store/types.js'
import { allUids } from '../../../src/store/uid-ranges.js'
import { makeStore, name, type TestStore } from '../../store/open-store.js'
import { testServer } from './lmtp-server.js'

describe('lmtpd and the store', () => {
  let opened: TestStore
  let client: Connection
  beforeEach(async () => {
    opened = await makeStore()
    for (const [text, partition] of [
      ['user.paul', 'default'],
      ['user.mary', 'default'],
      ['user.far', 'other'],
    ] as const)
      await opened.store.change({ kind: 'createMailbox', as: system, name: name(text), partition })
    client = testServer({}, { store: opened.store }).connect().client
    await said('LHLO x\r\n', 12)
  })
  afterEach(async () => {
    client.destroy()
    await opened.remove()
  })

  async function said(text: string | Buffer, lines: number): Promise<string[]> {
    client.write(text)
    const all: string[] = []
    while (all.length < lines) all.push((await client.readLine(2000))?.toString() ?? 'end')
    return all
  }

  /** All messages of the mailbox, without the lines that delivery put before them. */
  function messages(text: string): string[] {
    const { store } = opened
    const mailbox = store.read((view) => view.lookup(name(text)))
    if (mailbox === undefined) return []
    const records = store.read((view) => [...view.messages(mailbox.id, allUids)])
    return records.map((record) =>
      store
        .readMessage(mailbox, record)
        .toString('latin1')
        .replace(/^Return-Path.*?\+\d{4}\r\n/s, ''),
    )
  }

  const to = (...users: string[]) =>
    `MAIL FROM:<a@b>\r\n${users.map((user) => `RCPT TO:<${user}>\r\n`).join('')}DATA\r\n`

  it('stores bytes as they came, for each recipient', async () => {
    const odd = 'Message-ID: <1@x>\r\n\r\nbare\nlf, nul \0, 8bit \xe9\r\n.\r\n'
    const replies = await said(
      Buffer.from(`${to('paul', 'mary', 'far')}${odd.replace('\r\n.\r', '\r\n..\r')}.\r\n`, 'latin1'),
      8,
    )
    expect(replies.slice(5).every((reply) => reply.startsWith('250 2.1.5 Success'))).to.equal(true)
    for (const user of ['user.paul', 'user.mary', 'user.far']) expect(messages(user), user).to.deep.equal([odd])
  })

  it('stores large messages, over several partitions', async () => {
    const large = `Message-ID: <2@x>\r\n\r\n${`${'x'.repeat(98)}\r\n`.repeat(6000)}`
    const replies = await said(`${to('paul', 'far', 'mary')}${large}.\r\n`, 8)
    expect(replies.slice(5).join('\n')).to.match(/^(250 2\.1\.5 Success.*\n?){3}$/)
    for (const user of ['user.paul', 'user.mary', 'user.far']) expect(messages(user), user).to.deep.equal([large])
  })

  it('stores once what is sent again', async () => {
    const message = 'Received: by mta\r\n\r\nx\r\n.\r\n'
    for (let time = 0; time < 3; time++) expect((await said(to('paul') + message, 4))[3]).to.match(/^250 2\.1\.5 /)
    expect(messages('user.paul')).to.have.length(1)
    await said(to('paul') + message.replace('mta', 'mta2'), 4)
    expect(messages('user.paul')).to.have.length(2)
  })

  it('stores once what has the same Message-ID, in each mailbox', async () => {
    await said(`${to('paul')}Message-ID: <3@x>\r\n\r\none\r\n.\r\n`, 4)
    await said(`${to('paul', 'mary')}Message-ID: <3@x>\r\n\r\ntwo\r\n.\r\n`, 6)
    expect(messages('user.paul')).to.deep.equal(['Message-ID: <3@x>\r\n\r\none\r\n'])
    expect(messages('user.mary')).to.deep.equal(['Message-ID: <3@x>\r\n\r\ntwo\r\n'])
  })

  it('defers what a full mailbox has no room for, and takes it with IGNOREQUOTA', async () => {
    await opened.store.change({ kind: 'setQuota', as: system, root: name('user.paul'), limits: { STORAGE: 1 } })
    const message = `Subject: x\r\n\r\n${'x'.repeat(2000)}\r\n.\r\n`
    expect((await said(to('paul') + message, 4))[3]).to.match(/^250 /)
    const [, full] = await said('MAIL FROM:<>\r\nRCPT TO:<paul>\r\nRCPT TO:<paul> IGNOREQUOTA\r\nRSET\r\n', 4)
    expect(full).to.equal('452 4.2.2 Over quota')
  })
})
