/** A mail to a full mailbox is deferred with 452 4.2.2 and arrives when there is room. */
import { expect } from 'chai'
import { message } from '../support/messages.js'
import { until } from '../support/wait.js'
import { sharedPostfix, sharedServer } from './shared.js'

describe('Postfix and a full mailbox', () => {
  it('gets 452 4.2.2, keeps the mail, and delivers it when the limit is raised', async () => {
    const server = await sharedServer()
    const postfix = await sharedPostfix()
    const admin = await server.asAdmin()
    await admin.ok('SETQUOTA user.john (STORAGE 1)')
    const filling = message({ id: 'full-1', body: `${'x'.repeat(70)}\r\n`.repeat(20) })
    const session = await server.lmtp()
    expect((await session.deliver('mary@example.test', ['john'], filling))[0]).to.match(/^(250|452)/)
    const small = message({ id: 'full-2', body: `${'y'.repeat(70)}\r\n`.repeat(20) })
    expect((await session.deliver('mary@example.test', ['john'], small))[0]).to.match(/^452[- ]4\.2\.2/)
    session.close()

    await postfix.send(
      'mary@example.test',
      ['john@example.test'],
      message({ id: 'full-3', body: `${'z'.repeat(70)}\r\n`.repeat(20) }),
    )
    const line = await postfix.logLine(/to=<john@example\.test>.*status=deferred/)
    expect(line).to.match(/dsn=4\.2\.2/)
    expect(line).to.match(/said: 452[- ]4\.2\.2/)

    await admin.ok('SETQUOTA user.john (STORAGE 1000)')
    await admin.logout()
    await postfix.flush()
    await postfix.logLine(/to=<john@example\.test>.*status=sent/)
    const client = await server.imap('john')
    await client.ok('SELECT INBOX')
    const found = await until('the mail', async () => {
      const { untagged } = await client.ok('UID SEARCH HEADER Message-ID full-3@example.test')
      return untagged.find((text) => /^\* SEARCH \d/.test(text))
    })
    expect(found).to.match(/^\* SEARCH \d+$/)
    await client.logout()
  })
})
