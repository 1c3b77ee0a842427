// An lmtpd session in memory, and what tests need to talk to it.
import { keepAll } from '../../../src/delivery/deliver.js'
import { type LogLine, logTo } from '../../../src/log/log.js'
import { Connection } from '../../../src/net/connection.js'
import { memoryPair } from '../../../src/net/memory-pair.js'
import { serve } from '../../../src/services/lmtpd/session.js'
import type { LmtpOptions, LmtpServer, Peer } from '../../../src/services/lmtpd/session-context.js'
import { type FakeStore, fakeStore } from '../../delivery/fake-store.js'

export const lmtpOptions: LmtpOptions = {
  virtdomains: 'off',
  defaultdomain: 'internal',
  unixhierarchysep: false,
  lmtp_downcase_rcpt: true,
  postuser: '',
  lmtp_fuzzy_mailbox_match: false,
  lmtp_exclude_specialuse: ['\\Drafts'],
  lmtp_catchall_mailbox: undefined,
  lmtp_strict_quota: false,
  duplicatesuppression: true,
  auditlog: false,
  maxmessagesize: 0,
  reject8bit: false,
  munge8bit: false,
  lmtp_over_quota_perm_failure: false,
  lmtp_strict_rfc2821: true,
}

export type TestServer = {
  readonly fake: FakeStore
  readonly log: LogLine[]
  /** Serves a connection. */
  serve(connection: Connection, peer?: Partial<Peer>): Promise<void>
  /** A new client. */
  connect(peer?: Partial<Peer>): { client: Connection; over: Promise<void>; stop(): void }
}

export function testServer(options: Partial<LmtpOptions> = {}, more: Partial<LmtpServer> = {}): TestServer {
  const fake = fakeStore()
  const log: LogLine[] = []
  const server: LmtpServer = {
    store: fake.store,
    options: { ...lmtpOptions, ...options },
    version: '0',
    decide: keepAll,
    now: () => new Date(1_795_247_672_000),
    autocreate: async () => false,
    ...more,
  }
  const plainPeer = {
    address: 'unix',
    authenticate: async () => ({ kind: 'noMechanism' }) as const,
    canStartTls: false,
    forget: () => undefined,
    host: undefined,
    id: 'lmtp-1',
    identity: undefined,
    log: logTo((line) => log.push(line), { ident: 'lmtp', debug: true }),
    mechanisms: [],
    serverName: 'mail.example.com',
    shutdown: undefined,
    startTls: async () => undefined,
    tls: undefined,
  }
  async function begin(connection: Connection, peer: Partial<Peer> = {}): Promise<void> {
    // Descriptors, not values: `identity` changes.
    const whole: Peer = Object.defineProperties({ ...plainPeer, connection }, Object.getOwnPropertyDescriptors(peer))
    await serve(server, { peer: whole, preauthorized: false })
    await connection.close()
  }
  return {
    fake,
    log,
    serve: begin,
    connect(peer) {
      const [ours, theirs] = memoryPair()
      const connection = new Connection(theirs)
      return {
        client: new Connection(ours),
        over: begin(connection, peer).catch(() => connection.destroy()),
        stop: () => connection.interrupt(),
      }
    },
  }
}
