/** What every service process does with its clients, whatever they speak: sessions, limits, lists, ends. */
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Identity } from '../../auth/identity.js'
import type { SignIn } from '../../auth/sign-in.js'
import type { Options } from '../../config/options.js'
import type { Log } from '../../log/log.js'
import { Connection } from '../../net/connection.js'
import { ConnectionError } from '../../net/errors.js'
import { type SessionList, sessionList } from '../../net/session-list.js'
import type { ServerTls } from '../../net/tls-context.js'
import { ClientSession, type Surroundings } from './client-session.js'
import { type CpuShare, cpuShare } from './cpu-share.js'
import { failures } from './failures.js'
import type { ServiceEntry } from './handover.js'
import { hostNames } from './host-names.js'
import { notices } from './notices.js'
import { sessionIds } from './session-id.js'

export interface WorkerSettings {
  /** SASL's name of the service: `imap`, `pop`, `lmtp`, `sieve`. */
  readonly protocol: string
  readonly options: Options
  readonly log: Log
  readonly signIn: SignIn
  readonly tls: () => ServerTls | undefined
  /** Seconds without a word from the client. */
  readonly timeout: number
  /**
   * Speaks with one client until it is done. A ConnectionError it throws is logged and ends the session; `timeout` and
   * `stopping` it should catch, to say good-bye. Any other error is a bug.
   */
  readonly serve: (session: ClientSession) => Promise<void>
  /** What a user needs before the first command, as an INBOX. An error is logged, the sign-in stands. */
  readonly prepare?: ((identity: Identity) => Promise<void>) | undefined
}

export class Worker {
  readonly #settings: WorkerSettings
  readonly #around: Surroundings
  readonly #sessions = new Set<ClientSession>()
  readonly #cpu: CpuShare = cpuShare()
  readonly #list: SessionList
  readonly #newId = sessionIds()
  #count = 0
  #stopping = false

  constructor(settings: WorkerSettings) {
    const { options } = settings
    this.#settings = settings
    this.#list = sessionList(options.proc_path, () => [...this.#sessions].map(({ listed }) => listed))
    this.#around = {
      signIn: settings.signIn,
      tls: settings.tls,
      allowStartTls: options.allowstarttls,
      protocol: settings.protocol,
      serverName: options.servername ?? hostname(),
      notices: notices(options.configdirectory),
      failures: failures(options.failedloginpause * 1000),
      hostNames: hostNames(),
      overLimit: (session, user) => this.#overLimit(session, user),
      changed: () => this.#list.touch(),
      telemetry: {
        directory: join(options.configdirectory, 'log'),
        bySessionId: options.telemetry_bysessionid,
        timestamps: options.logtimestamps,
      },
      prepare: (identity) => this.#prepare(identity),
      plaintextPause: options.plaintextloginpause,
    }
  }

  /** Sessions that are open. */
  get size(): number {
    return this.#sessions.size
  }

  /** Serves a client; resolves when it is gone. Never rejects. */
  async accept(stream: Duplex, entry: ServiceEntry): Promise<void> {
    const { log, timeout, serve } = this.#settings
    const connection = new Connection(stream, { timeout: timeout * 1000 })
    // Gone before it was seen: nobody is answered, and nothing it sent is obeyed.
    if (connection.peer.kind === 'tcp' && connection.peer.address === '') return connection.destroy()
    const number = ++this.#count
    const id = this.#newId(entry.name)
    const session = new ClientSession({
      connection,
      id,
      number,
      entry,
      log: log.named(entry.name),
      around: this.#around,
    })
    const usage = this.#cpu.begin()
    this.#sessions.add(session)
    this.#list.touch()
    session.log.event('connection.accepted', { address: session.address })
    try {
      if (this.#stopping) connection.interrupt()
      if (entry.args.includes('-s')) await session.startTls()
      await serve(session)
      await connection.close()
    } catch (error) {
      this.#failed(session, error)
    } finally {
      connection.destroy()
      session.ended()
      this.#sessions.delete(session)
      this.#list.touch()
      const { user, system } = usage()
      session.log.event('usage', { user: session.identity?.user, userSeconds: user, systemSeconds: system })
    }
  }

  /** Every session that waits for its client is told to end. */
  stop(): void {
    this.#stopping = true
    for (const { connection } of this.#sessions) connection.interrupt()
  }

  /** After the last session. */
  close(): void {
    this.#list.remove()
  }

  #failed(session: ClientSession, error: unknown): void {
    if (!(error instanceof ConnectionError)) session.log.event('bug', { doing: `session ${session.id}`, error })
    else if (error.kind !== 'tls' && error.kind !== 'stopping')
      session.log.event('connection.lost', { host: session.host, address: session.address, why: error.message })
  }

  async #prepare(identity: Identity): Promise<void> {
    try {
      await this.#settings.prepare?.(identity)
    } catch (error) {
      this.#settings.log.event('bug', { doing: `preparing what ${identity.user} needs`, error })
    }
  }

  #overLimit(session: ClientSession, user: string): string | undefined {
    const { maxlogins_per_user: perUser, maxlogins_per_host: perHost } = this.#settings.options
    if (perUser <= 0 && perHost <= 0) return undefined
    const mine = [...this.#sessions].filter((each) => each !== session).map(({ listed }) => listed)
    const all = [...mine, ...this.#list.others()].filter((each) => each.user !== '')
    const ofUser = all.filter((each) => each.user === user).length
    const ofHost = all.filter((each) => each.client.endsWith(`[${session.address}]`)).length
    if (perUser > 0 && ofUser >= perUser)
      return `Too many open connections for this user (${perUser} are allowed): close some in your other programs`
    if (perHost > 0 && ofHost >= perHost)
      return `Too many open connections from this address (${perHost} are allowed): close some first`
    return undefined
  }
}
