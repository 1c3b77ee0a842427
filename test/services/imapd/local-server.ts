/** An imapd in this process: a fresh store in a temporary directory, and doors without sockets. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { defaultValues } from '../../../src/config/options.js'
import { logTo } from '../../../src/log/log.js'
import { Connection } from '../../../src/net/connection.js'
import { memoryPair } from '../../../src/net/memory-pair.js'
import { ImapSession } from '../../../src/services/imapd/session.js'
import type { ImapDoor, ImapServer } from '../../../src/services/imapd/session-context.js'
import { type ImapSettings, imapSettings } from '../../../src/services/imapd/settings.js'
import type { SignInOutcome } from '../../../src/services/worker/client-session.js'
import type { StoreConfig } from '../../../src/store/config.js'
import { type MailStore, openStore } from '../../../src/store/mail-store.js'
import { type Namespace, namespace } from '../../../src/store/namespace.js'

/** Everybody's password. */
export const PASSWORD = 'secret'
export const ADMIN = 'cyrus'

export interface LocalServerOptions {
  readonly altnamespace?: boolean
  readonly unixhierarchysep?: boolean
  readonly settings?: Partial<ImapSettings>
}

export interface LocalServer {
  readonly server: ImapServer
  readonly store: MailStore
  /** What the server logged as its own mistakes. */
  readonly bugs: string[]
  connect(): Duplex
  close(): Promise<void>
}

export async function openLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const directory = mkdtempSync(join(tmpdir(), 'angarium-imapd-'))
  const store = await openStore({ config: configOf(directory), writer: 'inline' })
  const bugs: string[] = []
  const notices = new Map<string, string | undefined>()
  const names = namesOf(options)
  const values = { ...defaultValues(), servername: 'imap.test', suppress_capabilities: [] }
  const settings = { ...imapSettings(values as never, '0.0-test'), idlePoll: 60_000, ...options.settings }
  const server: ImapServer = { store, names, settings }
  const sessions = new Set<Promise<void>>()
  let count = 0
  return {
    server,
    store,
    bugs,
    connect() {
      const [client, ours] = memoryPair()
      const session = new ImapSession(server, door(new Connection(ours), ++count, { bugs, notices })).run()
      sessions.add(session)
      void session.finally(() => sessions.delete(session))
      return client
    },
    async close() {
      await Promise.race([Promise.all(sessions), new Promise((resolve) => setTimeout(resolve, 3000))])
      await store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function configOf(directory: string): StoreConfig {
  return {
    configDirectory: join(directory, 'config'),
    partitions: new Map([['default', join(directory, 'spool')]]),
    defaultPartition: 'default',
    layout: { hashimapspool: false, fulldirhash: false },
    rights: { virtdomains: 'off', defaultdomain: undefined, implicitOwnerRights: 'lkxan', crossdomains: false },
    defaultAcl: 'anyone lrs',
    deleteMode: 'immediate',
    expungeMode: 'immediate',
    duplicateSuppression: true,
    owner: `${process.pid}.test`,
  }
}

function namesOf({ altnamespace = false, unixhierarchysep = false }: LocalServerOptions): Namespace {
  return namespace({
    virtdomains: 'off',
    defaultdomain: undefined,
    crossdomains: false,
    altnamespace,
    unixhierarchysep,
    userprefix: 'Other Users',
    sharedprefix: 'Shared Folders',
    altprefix: 'Alt Folders',
  })
}

/** A door that lets everybody in who knows the password, over LOGIN and AUTHENTICATE PLAIN. */
interface Server {
  readonly bugs: string[]
  readonly notices: Map<string, string | undefined>
}

function door(connection: Connection, number: number, { bugs, notices }: Server): ImapDoor {
  const judge = (user: string, password: string): SignInOutcome =>
    password === PASSWORD
      ? { kind: 'signedIn', identity: { kind: 'user', user, groups: [], admin: user === ADMIN } }
      : { kind: 'refused', text: 'authentication failure', temporary: false, limit: false }
  return {
    connection,
    id: `test-${number}`,
    tls: undefined,
    canStartTls: false,
    startTls: async () => undefined,
    mechanisms: ['PLAIN'],
    plaintextAllowed: true,
    password: async ({ user, password }) => judge(user, password),
    async authenticate({ mechanism, initial, wire }) {
      if (mechanism !== 'PLAIN') return { kind: 'noMechanism' }
      if (initial === undefined) wire.challenge('')
      const text = initial ?? (await wire.response())
      if (text === undefined || text === '*') return { kind: 'cancelled' }
      const [, user = '', password = ''] = Buffer.from(text, 'base64').toString().split('\0')
      return /^[A-Za-z0-9+/]*=*$/.test(text) ? judge(user, password) : { kind: 'malformed' }
    },
    forget: () => undefined,
    doing: () => undefined,
    get motd() {
      return notices.get('motd')
    },
    get shutdown() {
      return notices.get('shutdown')
    },
    setNotice: (kind, text) => void notices.set(kind, text),
    log: logTo(({ name, text }) => name === 'bug' && bugs.push(text), { ident: 'imapd' }),
  }
}
