// STARTTLS and wrapped TLS from the client's side: what came before the handshake does not count after it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type OpenOptions, openImap } from '../../../src/client/imap/open.js'
import { logout } from '../../../src/client/imap/session.js'
import { Connection } from '../../../src/net/connection.js'
import { selfSigned } from '../../../src/net/self-signed.js'
import { startServerTls } from '../../../src/net/tls.js'
import { serverTls } from '../../../src/net/tls-context.js'

describe('client/imap TLS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'imap-tls-'))
  const { cert, key } = selfSigned(['localhost'])
  writeFileSync(join(directory, 'cert.pem'), cert)
  writeFileSync(join(directory, 'key.pem'), key)
  const tls = serverTls({
    cert: join(directory, 'cert.pem'),
    key: join(directory, 'key.pem'),
    versions: ['tls1_2', 'tls1_3'],
    ciphers: 'DEFAULT',
    curves: 'auto',
    preferServerCiphers: true,
    clientCertificate: 'off',
    sessionTimeout: 3600,
  })
  let server: Server
  let wrapped: boolean
  let offers: string

  before(async () => {
    server = createServer((socket) => {
      serve(new Connection(socket, { timeout: 2000 })).catch(() => socket.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  })
  after(async () => {
    await new Promise((resolve) => server.close(resolve))
    rmSync(directory, { recursive: true })
  })
  beforeEach(() => {
    wrapped = false
    offers = ' STARTTLS'
  })

  /** Injects a capability in the clear behind its answer to STARTTLS. */
  async function serve(connection: Connection): Promise<void> {
    if (wrapped) await startServerTls(connection, tls)
    connection.write(`* OK [CAPABILITY IMAP4rev1${offers}] hello\r\n`)
    for (let line = await connection.readLine(100); line; line = await connection.readLine(100)) {
      const [tag = '', command = ''] = line.toString().split(' ')
      if (command === 'STARTTLS') {
        connection.write(`${tag} OK go\r\n* CAPABILITY IMAP4rev1 INJECTED\r\n`)
        await startServerTls(connection, tls)
      } else if (command === 'CAPABILITY') connection.write(`* CAPABILITY IMAP4rev1 SECURE\r\n${tag} OK x\r\n`)
      else connection.write(`${tag} OK x\r\n`)
    }
    await connection.close(10)
  }

  const open = (use: OpenOptions['tls'], rest: Partial<OpenOptions> = {}) =>
    openImap({
      address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      tls: use,
      tlsOptions: { ca: cert, servername: 'localhost' },
      timeout: 2000,
      ...rest,
    })

  it('upgrades, and believes nothing that came in the clear', async () => {
    const { client, tls: session } = await open('offered')
    expect(session?.protocol).to.equal('TLSv1.3')
    expect([...(await client.capabilities())]).to.deep.equal(['IMAP4REV1', 'SECURE'])
    await logout(client)
  })

  it('is TLS from the start on a wrapped port', async () => {
    wrapped = true
    const { client, tls: session } = await open('wrapped')
    expect(session).not.to.equal(undefined)
    await logout(client)
  })

  it('goes on in the clear only when nobody insists', async () => {
    offers = ''
    const { client, tls: session } = await open('offered')
    expect(session).to.equal(undefined)
    await logout(client)
    expect(await failure(open('required'))).to.equal('the server does not offer STARTTLS')
  })

  it('refuses a certificate that no authority it trusts has signed', async () => {
    expect(await failure(open('required', { tlsOptions: { servername: 'localhost' } }))).to.match(/self.signed/)
  })
})

async function failure(opening: Promise<unknown>): Promise<string> {
  try {
    await opening
    return 'opened'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
