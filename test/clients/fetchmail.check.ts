/** fetchmail takes a mailbox by POP3, every message whole, and leaves it empty. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from '../support/command.js'
import { variety } from '../support/messages.js'
import { password, type ServerUnderTest } from '../support/server-under-test.js'
import { sharedServer } from './shared.js'

const user = 'rita'

describe('fetchmail', () => {
  let server: ServerUnderTest
  let place: string
  const fetch = (...more: string[]): ReturnType<typeof run> =>
    run('fetchmail', ['-f', join(place, 'rc'), '--nodetach', '--pidfile', join(place, 'pid'), '-v', ...more], {
      env: { HOME: place, FETCHMAILHOME: place },
    })

  before(async () => {
    server = await sharedServer()
    place = join(server.directory, 'out/fetchmail')
    mkdirSync(join(place, 'got'), { recursive: true })
    writeFileSync(join(place, 'store'), `#!/bin/sh\nexec cat > ${place}/got/$(date +%s%N)\n`, { mode: 0o755 })
    const account = `username "${user}" password "${password}" is "root" here`
    const how = `sslproto "" no rewrite no mimedecode fetchall mda "${place}/store"`
    writeFileSync(
      join(place, 'rc'),
      `set invisible\npoll 127.0.0.1 service ${server.pop3Port} protocol pop3 ${account} ${how}\n`,
      {
        mode: 0o600,
      },
    )
    await server.deliver(user, variety('fetchmail'))
  })

  it('fetches every message whole', async () => {
    const spool = await server.spoolTexts([1, 2, 3, 4, 5].map((uid) => `user/${user}/${uid}.`))
    const { status, stdout, stderr } = await fetch()
    expect(status, stdout + stderr).to.equal(0)
    const got = readdirSync(join(place, 'got')).sort()
    const texts = got.map((name) => readFileSync(join(place, 'got', name), 'latin1').replace(/\n*$/, '\n'))
    expect(texts).to.deep.equal(spool.map((text) => text.replaceAll('\r\n', '\n').replace(/\n*$/, '\n')))
  })

  it('leaves the mailbox empty, so that the next run finds no mail', async () => {
    const { status, stdout, stderr } = await fetch()
    expect(status, stdout + stderr).to.equal(1)
  })
})
