/** A real Postfix accepts mail by SMTP and delivers it through the LMTP socket into user/paul/1. */
import { expect } from 'chai'
import { literalOf } from '../support/imap-client.js'
import { message } from '../support/messages.js'
import { sharedPostfix, sharedServer } from './shared.js'

describe('Postfix over the LMTP socket', () => {
  it('delivers into user/paul/1. byte for byte, with Return-Path and Received on top', async () => {
    const server = await sharedServer()
    const postfix = await sharedPostfix()
    const sent = message({ id: 'postfix-1' })
    await postfix.send('mary@example.test', ['paul@example.test'], sent)
    await postfix.logLine(/to=<paul@example\.test>.*status=sent \(250 2\.1\.5/)
    const stored = (await server.spoolFile('user/paul/1.')).toString('latin1')
    expect(stored.split('\r\n')[0]).to.equal('Return-Path: <mary@example.test>')
    expect(stored.split('\r\n')[1]).to.match(/^Received: from /)
    expect(stored).to.include('for <paul@example.test>')
    expect(stored.endsWith(sent), stored).to.equal(true)
    const client = await server.imap('paul')
    await client.ok('SELECT INBOX')
    const { untagged } = await client.ok('FETCH 1 BODY.PEEK[]')
    expect(literalOf(untagged[0] ?? '').toString('latin1')).to.equal(stored)
    await client.logout()
  })

  it('delivers one message to several users, and to a folder by user+folder', async () => {
    const server = await sharedServer()
    const postfix = await sharedPostfix()
    const admin = await server.asAdmin()
    await admin.ok('CREATE user.mary.lists')
    await admin.ok('SETACL user.mary.lists anyone p')
    await admin.logout()
    const sent = message({ id: 'postfix-2' })
    await postfix.send('carl@example.test', ['paul@example.test', 'mary+lists@example.test'], sent)
    expect((await server.spoolFile('user/paul/2.')).includes('postfix-2@')).to.equal(true)
    expect((await server.spoolFile('user/mary/lists/1.')).includes('postfix-2@')).to.equal(true)
  })
})
