// lmtpd on TCP: nothing before sign-in, and only administrators deliver.
import { createServer, type Server } from 'node:net'
import { expect } from 'chai'
import type { Identity } from '../../../src/auth/identity.js'
import { dial } from '../../../src/client/dial.js'
import { Connection } from '../../../src/net/connection.js'
import type { Peer } from '../../../src/services/lmtpd/session-context.js'
import type { SaslWire } from '../../../src/services/worker/sasl-dialogue.js'
import { testServer } from './lmtp-server.js'

/** Says yes to whoever asks; the name is the initial response, a challenge comes where there is none. */
function peerThatTrusts(): Partial<Peer> {
  let identity: Identity | undefined
  return {
    mechanisms: ['PLAIN'],
    canStartTls: true,
    async authenticate({
      mechanism,
      initial,
      wire,
    }: {
      mechanism: string
      initial: string | undefined
      wire: SaslWire
    }) {
      if (mechanism !== 'PLAIN') return { kind: 'noMechanism' }
      if (initial === undefined) wire.challenge('')
      const name = initial ?? (await wire.response())
      if (name === undefined || name === '*') return { kind: 'cancelled' }
      if (name === 'wrong') return { kind: 'refused', text: 'authentication failure', temporary: false, limit: false }
      identity = { kind: 'user', user: name, groups: [], admin: name === 'cyrus' }
      return { kind: 'signedIn', identity }
    },
    forget() {
      identity = undefined
    },
    get identity() {
      return identity
    },
  }
}

describe('lmtpd on TCP', () => {
  let listener: Server
  let port = 0
  before(async () => {
    const server = testServer()
    server.fake.add('user.paul')
    listener = createServer((socket) => {
      server.serve(new Connection(socket), peerThatTrusts()).catch(() => socket.destroy())
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const address = listener.address()
    if (typeof address === 'object' && address !== null) port = address.port
  })
  after(() => new Promise((resolve) => listener.close(resolve)))

  async function talk(lines: readonly [string, RegExp][]): Promise<void> {
    const client = await dial({ host: '127.0.0.1', port }, 5000)
    try {
      await client.readLine(1000)
      for (const [command, expected] of lines) {
        client.write(`${command}\r\n`)
        const said: string[] = []
        do said.push((await client.readLine(1000))?.toString() ?? 'end')
        while (/^\d{3}-/.test(said.at(-1) ?? ''))
        expect(said.join('\n'), command).to.match(expected)
      }
    } finally {
      client.destroy()
    }
  }

  it('takes nothing before sign-in', () =>
    talk([
      ['LHLO x', /250-STARTTLS\n250-AUTH PLAIN\n/],
      ['MAIL FROM:<>', /^530 5\.7\.0 /],
      ['RCPT TO:<paul>', /^503 /],
      ['AUTH EXTERNAL =', /^504 /],
    ]))
  it('takes mail from administrators', () =>
    talk([
      ['LHLO x', /^250-/],
      ['AUTH PLAIN cyrus', /^235 /],
      ['AUTH PLAIN cyrus', /^503 /],
      ['LHLO x', /^(?!.*AUTH)/s],
      ['MAIL FROM:<>', /^250 /],
      ['RCPT TO:<paul>', /^250 /],
    ]))
  it('takes no mail from others', () =>
    talk([
      ['LHLO x', /^250-/],
      ['AUTH PLAIN wrong', /^535 5\.7\.8 /],
      ['AUTH PLAIN', /^334 $/],
      ['*', /^501 /],
      ['AUTH PLAIN', /^334 $/],
      ['paul', /^535 5\.7\.8 only administrators/],
      ['MAIL FROM:<>', /^530 /],
    ]))
})
