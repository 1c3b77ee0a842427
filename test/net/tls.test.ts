/** TLS layers: STARTTLS over every kind of stream, injected plaintext, certificates that do not fit. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Connection } from '../../src/net/connection.js'
import { ConnectionError } from '../../src/net/errors.js'
import { memoryPair } from '../../src/net/memory-pair.js'
import { selfSigned } from '../../src/net/self-signed.js'
import { ticketKeys } from '../../src/net/ticket-keys.js'
import { startClientTls, startServerTls } from '../../src/net/tls.js'
import { serverTls, TlsConfigurationError, type TlsOptions } from '../../src/net/tls-context.js'

describe('net tls', () => {
  let directory = ''
  let options: TlsOptions
  const server = selfSigned(['localhost', 'mail.example.com'])
  const client = selfSigned(['anne'])
  const path = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  const made: Connection[] = []
  const pair = (): [Connection, Connection] => {
    const [left, right] = memoryPair()
    const both: [Connection, Connection] = [new Connection(left), new Connection(right)]
    made.push(...both)
    return both
  }
  const trust = { ca: server.cert, servername: 'localhost' }

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-tls-'))
    options = {
      cert: path('cert.pem', server.cert),
      key: path('key.pem', server.key),
      versions: ['tls1_2', 'tls1_3'],
      ciphers: 'DEFAULT',
      preferServerCiphers: true,
      curves: 'auto',
      clientCertificate: 'off',
      sessionTimeout: 3600,
    }
  })
  afterEach(() => {
    for (const each of made.splice(0)) each.destroy()
  })
  after(() => rmSync(directory, { recursive: true }))

  it('encrypts both ways and knows the session', async () => {
    const [here, there] = pair()
    const [inner, outer] = await Promise.all([startServerTls(here, serverTls(options)), startClientTls(there, trust)])
    expect(inner.protocol).to.equal('TLSv1.3')
    expect(inner.clientName).to.equal(undefined)
    here.write('* OK\r\n')
    expect((await there.readLine(100))?.toString()).to.equal('* OK')
    there.write('a NOOP\r\n')
    expect((await here.readLine(100))?.toString()).to.equal('a NOOP')
    for (const type of ['tls-exporter', 'tls-server-end-point'] as const) {
      const [left, right] = [inner.channelBinding(type), outer.channelBinding(type)]
      expect(left?.length).to.equal(32)
      expect(left?.equals(right ?? Buffer.alloc(0))).to.equal(true)
    }
    void there.close()
    expect(await here.readLine(100)).to.equal(undefined)
  })

  it('forgets what was sent in the clear before the handshake', async () => {
    const [here, there] = pair()
    there.write('a STARTTLS\r\nb INJECTED\r\n')
    await here.readLine(100)
    here.write('a OK\r\n')
    expect(here.buffered).to.be.greaterThan(0)
    await there.readLine(100)
    await Promise.all([startServerTls(here, serverTls(options)), startClientTls(there, trust)])
    there.write('c NOOP\r\n')
    expect((await here.readLine(100))?.toString()).to.equal('c NOOP')
  })

  it('knows a client by its certificate only when a known authority signed it', async () => {
    for (const [ca, name] of [
      [client.cert, 'anne'],
      [server.cert, undefined],
    ] as const) {
      const [here, there] = pair()
      const tls = serverTls({ ...options, clientCertificate: 'optional', caFile: path('ca.pem', ca) })
      const [inner] = await Promise.all([
        startServerTls(here, tls),
        startClientTls(there, { ...trust, cert: client.cert, key: client.key }),
      ])
      expect(inner.clientName).to.equal(name)
    }
  })

  it('fails a handshake of garbage, and lives', async () => {
    const [here, there] = pair()
    there.write('\0\x01\x02 not TLS at all\r\n'.repeat(100))
    const error = await startServerTls(here, serverTls(options)).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(ConnectionError)
    expect(here.closed).to.equal(true)
  })

  it('fails a handshake that the client breaks off or sleeps through', async () => {
    for (const timeout of [0, 20]) {
      const [here, there] = pair()
      here.timeout = timeout
      const done = startServerTls(here, serverTls(options)).catch((reason: unknown) => reason)
      if (timeout === 0) there.destroy()
      expect(await done).to.be.instanceOf(ConnectionError)
    }
  })

  it('works on a TCP socket, and notices a client that hangs up', async () => {
    const listener = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => listener.once('listening', resolve))
    const address = listener.address()
    const dial = async (): Promise<[Connection, Connection]> => {
      const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve))
      const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
      const both: [Connection, Connection] = [new Connection(await accepted), new Connection(socket)]
      made.push(...both)
      return both
    }
    const [here, there] = await dial()
    await Promise.all([startServerTls(here, serverTls(options)), startClientTls(there, trust)])
    here.write(Buffer.alloc(1_000_000, 99))
    expect((await there.readExactly(1_000_000))?.length).to.equal(1_000_000)
    void there.close()
    expect(await here.read()).to.equal(undefined)
    const [next, gone] = await dial()
    const done = startServerTls(next, serverTls(options)).catch((reason: unknown) => reason)
    gone.destroy()
    expect(await done).to.be.instanceOf(ConnectionError)
    listener.close()
  })

  for (const versions of [['tls1_2'], ['tls1_3']])
    it(`resumes over ${versions} what another context with the same ticket keys began`, async () => {
      const keys = ticketKeys(join(directory, `tickets-${versions}`))
      if (!keys) throw new Error('no keys')
      expect(ticketKeys(join(directory, `tickets-${versions}`))?.equals(keys)).to.equal(true)
      let saved: Buffer | undefined
      const visit = async (own: Buffer): Promise<boolean> => {
        const [here, there] = pair()
        const tls = serverTls({ ...options, versions, ticketKeys: own })
        const [inner] = await Promise.all([
          startServerTls(here, tls),
          startClientTls(there, { ...trust, ...(saved ? { session: saved } : {}) }, (session) => {
            saved = session
          }),
        ])
        here.write('hello\r\n')
        await there.readLine(100)
        await new Promise((resolve) => setTimeout(resolve, 10))
        return inner.reused
      }
      expect(await visit(keys)).to.equal(false)
      expect(saved).not.to.equal(undefined)
      expect(await visit(keys)).to.equal(true)
      expect(await visit(Buffer.alloc(48, 7))).to.equal(false)
    })

  it('makes new ticket keys after half a day', () => {
    const path = join(directory, 'tickets')
    const first = ticketKeys(path)
    expect(first?.length).to.equal(48)
    expect(ticketKeys(path, Date.now() + 11 * 3600_000)?.equals(first ?? Buffer.alloc(0))).to.equal(true)
    utimesSync(path, new Date(0), new Date(0))
    expect(ticketKeys(path)?.equals(first ?? Buffer.alloc(0))).to.equal(false)
    expect(ticketKeys(join(directory, 'cert.pem', 'tickets'))).to.equal(undefined)
  })

  it('names the file and the remedy when the certificate cannot be used', () => {
    mkdirSync(join(directory, 'empty'))
    const wrong: [Partial<TlsOptions>, RegExp][] = [
      [{ key: path('other.pem', client.key) }, /other\.pem is not the key of tls_server_cert .*cert\.pem/],
      [{ cert: join(directory, 'none.pem') }, /tls_server_cert .*none\.pem cannot be read/],
      [{ cert: path('text.pem', 'hello') }, /text\.pem does not hold a certificate/],
      [{ key: path('text.pem', 'hello') }, /text\.pem does not hold a private key/],
      [{ versions: ['tls1_0'] }, /tls_versions names neither/],
      [{ ciphers: 'NO-SUCH-CIPHER' }, /check tls_ciphers/],
      [{ curves: 'no-such-curve' }, /check tls_ciphers, tls_eccurve/],
      [{ chainFile: join(directory, 'gone.pem') }, /tls_server_ca_file .*gone\.pem cannot be read/],
      [{ crlFile: join(directory, 'gone.pem') }, /tls_crl_file .*gone\.pem cannot be read/],
      [{ caDir: join(directory, 'nowhere') }, /nowhere/],
    ]
    for (const [change, message] of wrong)
      expect(() => serverTls({ ...options, ...change }), String(message)).to.throw(TlsConfigurationError, message)
    expect(
      serverTls({
        ...options,
        caDir: join(directory, 'empty'),
        ciphers: 'HIGH',
        curves: 'X25519:prime256v1',
        chainFile: options.cert,
      }),
    ).to.have.property('context')
  })
})
