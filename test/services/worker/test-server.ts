/** A worker in this process with a configuration of its own, and clients joined to it through memory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Identity } from '../../../src/auth/identity.js'
import { openSignIn } from '../../../src/auth/open-sign-in.js'
import { Sasldb } from '../../../src/auth/sasldb.js'
import { loadOptions } from '../../../src/config/imapd-conf.js'
import type { Options } from '../../../src/config/options.js'
import { type LogLine, logTo } from '../../../src/log/log.js'
import { Connection } from '../../../src/net/connection.js'
import { memoryPair } from '../../../src/net/memory-pair.js'
import { type SelfSigned, selfSigned } from '../../../src/net/self-signed.js'
import { startClientTls, type TlsSession } from '../../../src/net/tls.js'
import type { ClientSession } from '../../../src/services/worker/client-session.js'
import { currentTls } from '../../../src/services/worker/tls-options.js'
import { Worker } from '../../../src/services/worker/worker.js'

export interface TestServer {
  readonly directory: string
  readonly options: Options
  readonly log: LogLine[]
  readonly worker: Worker
  readonly sasldb: Sasldb
  /** A new client; it reads and writes with `Connection`. */
  connect(args?: readonly string[]): Connection
  /** The client's side of STARTTLS. */
  tls(client: Connection, certificate?: SelfSigned): Promise<TlsSession>
  texts(): string[]
  /** A user, with the password kept in every form unless told otherwise. */
  addUser(user: string, password: string, forms?: 'all' | 'verifier'): Promise<void>
  close(): Promise<void>
}

const certificate = selfSigned(['localhost'])

export function testServer(about: {
  readonly protocol: string
  /** More lines of imapd.conf. */
  readonly conf?: string
  readonly serve: (session: ClientSession, options: Options) => Promise<void>
  readonly prepare?: (identity: Identity) => Promise<void>
}): TestServer {
  const directory = mkdtempSync(join(tmpdir(), 'angarium-worker-'))
  for (const name of ['msg', 'log', 'spool']) mkdirSync(join(directory, name))
  writeFileSync(join(directory, 'cert.pem'), certificate.cert)
  writeFileSync(join(directory, 'key.pem'), certificate.key)
  const conf = join(directory, 'imapd.conf')
  const lines = [
    `configdirectory: ${directory}`,
    `partition-default: ${directory}/spool`,
    'servername: mail.example.com',
    `tls_server_cert: ${directory}/cert.pem`,
    `tls_server_key: ${directory}/key.pem`,
    'failedloginpause: 0s',
    about.conf ?? '',
  ]
  writeFileSync(conf, lines.join('\n'))
  const options = loadOptions(conf)
  const log: LogLine[] = []
  const sink = logTo((line) => log.push(line), { ident: about.protocol, debug: true })
  const worker = new Worker({
    protocol: about.protocol,
    options,
    log: sink,
    signIn: openSignIn(options),
    tls: currentTls(options, sink),
    timeout: 30,
    serve: (session) => about.serve(session, options),
    prepare: about.prepare,
  })
  const sasldb = new Sasldb(options.sasl_sasldb_path)
  const clients: Connection[] = []
  const running: Promise<void>[] = []
  return {
    directory,
    options,
    log,
    worker,
    sasldb,
    connect(args = []) {
      const [here, there]: [Duplex, Duplex] = memoryPair()
      running.push(worker.accept(here, { name: about.protocol, args }))
      const client = new Connection(there, { timeout: 5000 })
      clients.push(client)
      return client
    },
    tls: (client, own) => startClientTls(client, { ca: certificate.cert, servername: 'localhost', ...own }),
    texts: () => log.map(({ text }) => text),
    async addUser(user, password, forms = 'all') {
      const all = forms === 'all'
      const kept = { plain: all, scram: all ? (['sha1', 'sha256'] as const) : [], digestMd5: all }
      await sasldb.setPassword({ user, realm: 'mail.example.com' }, { password, kept, existing: false })
    },
    async close() {
      for (const client of clients) client.destroy()
      worker.stop()
      await Promise.all(running)
      worker.close()
      await sasldb.close()
      rmSync(directory, { recursive: true })
    },
  }
}
