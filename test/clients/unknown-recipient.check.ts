/** A mail to an unknown user comes back to its sender as a bounce with 550 5.1.1. */
import { expect } from 'chai'
import { message } from '../support/messages.js'
import { sharedPostfix, sharedServer } from './shared.js'

describe('Postfix and an unknown user', () => {
  it('gets 550 5.1.1 and bounces the mail to its sender', async () => {
    const server = await sharedServer()
    const postfix = await sharedPostfix()
    await postfix.send('ruth@example.test', ['nobody@example.test'], message({ id: 'unknown-1' }))
    const line = await postfix.logLine(/to=<nobody@example\.test>.*status=bounced/)
    expect(line).to.match(/dsn=5\.1\.1/)
    expect(line).to.match(/said: 550[- ]/)
    const bounce = (await server.spoolFile('user/ruth/1.')).toString('latin1')
    expect(bounce).to.include('Return-Path: <>')
    expect(bounce).to.match(/^Status: 5\.1\.1/m)
    expect(bounce).to.match(/550[- ]/)
  })

  it('delivers to the known recipients of the same mail', async () => {
    const server = await sharedServer()
    const postfix = await sharedPostfix()
    const sent = message({ id: 'unknown-2' })
    await postfix.send('ruth@example.test', ['nobody@example.test', 'hugo@example.test'], sent)
    expect((await server.spoolFile('user/hugo/1.')).includes('unknown-2@')).to.equal(true)
    expect((await server.spoolFile('user/ruth/2.')).includes('unknown-2@')).to.equal(true)
  })
})
