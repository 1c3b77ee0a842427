/** One client, from its connection to its end: who it is, TLS, signing in, and what is logged of it. */
import type { Identity } from '../../auth/identity.js'
import type { Channel } from '../../auth/sasl.js'
import type { Refused, SignedIn, SignIn } from '../../auth/sign-in.js'
import type { Log } from '../../log/log.js'
import type { Connection } from '../../net/connection.js'
import { ConnectionError } from '../../net/errors.js'
import type { ListedSession } from '../../net/session-list.js'
import { startServerTls, type TlsSession } from '../../net/tls.js'
import type { ServerTls } from '../../net/tls-context.js'
import type { Failures } from './failures.js'
import type { ServiceEntry } from './handover.js'
import type { HostNames } from './host-names.js'
import type { NoticeKind, Notices } from './notices.js'
import { type SaslWire, saslDialogue } from './sasl-dialogue.js'
import { openTelemetry, type Telemetry } from './telemetry.js'

/** What the sessions of a worker share. */
export interface Surroundings {
  readonly signIn: SignIn
  /** The certificate and keys of the moment. Undefined: there is no usable certificate. */
  readonly tls: () => ServerTls | undefined
  readonly allowStartTls: boolean
  /** SASL's name of the service: `imap`, `pop`, `lmtp`, `sieve`. */
  readonly protocol: string
  /** The name of this server, as clients see it. */
  readonly serverName: string
  readonly notices: Notices
  readonly failures: Failures
  readonly hostNames: HostNames
  /** Of the worker and all others; undefined when the user or the address may have one more session, else why not. */
  readonly overLimit: (session: ClientSession, user: string) => string | undefined
  /** The list of sessions has changed. */
  readonly changed: () => void
  readonly telemetry: { readonly directory: string; readonly bySessionId: boolean; readonly timestamps: boolean }
  /** Run after each sign-in, before the client hears of it. Must not throw. */
  readonly prepare: (identity: Identity) => Promise<void>
  /** Seconds after a sign-in with a password in the clear. */
  readonly plaintextPause: number
}

export type SignInOutcome =
  | {
      readonly kind: 'signedIn'
      readonly identity: Identity /** Base64 for the OK, where the wire carries it. */
      readonly data?: string
    }
  | {
      readonly kind: 'refused'
      /** What the client may know. */
      readonly text: string
      /** The server's fault: it may try again later. */
      readonly temporary: boolean
      /** Too many sessions: `[LIMIT]`, `[IN-USE]`. */
      readonly limit: boolean
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'noMechanism' }

export class ClientSession {
  readonly connection: Connection
  readonly id: string
  readonly number: number
  readonly entry: ServiceEntry
  readonly log: Log
  /** `192.0.2.1`, or `unix`. */
  readonly address: string
  /** UTC milliseconds. */
  readonly since: number
  #tls: TlsSession | undefined
  #identity: Identity | undefined
  #telemetry: Telemetry | undefined
  #mailbox = ''
  #command = ''
  readonly #around: Surroundings

  constructor(about: {
    connection: Connection
    id: string
    number: number
    entry: ServiceEntry
    log: Log
    around: Surroundings
  }) {
    this.connection = about.connection
    this.id = about.id
    this.number = about.number
    this.entry = about.entry
    this.log = about.log
    this.#around = about.around
    this.since = Date.now()
    const { peer } = about.connection
    this.address = peer.kind === 'tcp' ? peer.address : peer.kind
    if (peer.kind === 'tcp') about.around.hostNames.prefetch(peer.address)
  }

  get tls(): TlsSession | undefined {
    return this.#tls
  }

  /** Undefined before sign-in. */
  get identity(): Identity | undefined {
    return this.#identity
  }

  get serverName(): string {
    return this.#around.serverName
  }

  /** The name of the client's address, when it is known. */
  get host(): string | undefined {
    return this.#around.hostNames.get(this.address)
  }

  /** The message of the day, one line. */
  get motd(): string | undefined {
    return this.#around.notices.motd()
  }

  /** Why nobody is served at the moment: tell the client and end. */
  get shutdown(): string | undefined {
    return this.#around.notices.shutdown()
  }

  /** Says it to all who connect from now on, or no longer. Throws what the file system throws. */
  setNotice(kind: NoticeKind, text: string | undefined): void {
    this.#around.notices.set(kind, text)
  }

  /** One line of cyr_info proc. */
  get listed(): ListedSession {
    const host = this.host
    return {
      service: this.entry.name,
      client: host ? `${host} [${this.address}]` : `[${this.address}]`,
      user: this.#identity?.user ?? '',
      mailbox: this.#mailbox,
      command: this.#command,
      id: this.id,
      since: Math.floor(this.since / 1000),
    }
  }

  /** For the list of sessions: which mailbox is open, what is being done. */
  doing({ mailbox = this.#mailbox, command = this.#command }: { mailbox?: string; command?: string }): void {
    if (mailbox === this.#mailbox && command === this.#command) return
    this.#mailbox = mailbox
    this.#command = command
    this.#around.changed()
  }

  /** STARTTLS may be offered and done. */
  get canStartTls(): boolean {
    return this.#around.allowStartTls && !this.#tls && this.#around.tls() !== undefined
  }

  /** The handshake, now; the OK must have been written. What was sent before in the clear is forgotten. Throws ConnectionError. */
  async startTls(): Promise<void> {
    try {
      const tls = this.#around.tls()
      if (!tls) throw new ConnectionError('tls', 'there is no usable certificate: see tls_server_cert')
      this.#tls = await startServerTls(this.connection, tls)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.log.event('tls.failed', { host: this.host, address: this.address, why })
      throw error
    }
    const { protocol, cipher, reused } = this.#tls
    const bits = /(?<!\d)(128|256)(?!\d)/.exec(cipher)?.[1]
    this.log.event('tls.started', { version: protocol, cipher, bits: Number(bits ?? 256), reused, session: this.id })
  }

  /** Mechanisms to advertise now, strongest first. */
  get mechanisms(): readonly string[] {
    return this.#around.signIn.mechanisms(this.#channel())
  }

  /** Passwords in the clear are allowed now: LOGIN, USER and PASS. */
  get plaintextAllowed(): boolean {
    return this.#around.signIn.plaintextAllowed(this.#channel())
  }

  get apopAllowed(): boolean {
    return this.#around.signIn.apopAllowed(this.#channel())
  }

  /** AUTHENTICATE, AUTH. Throws what the wire throws. */
  async authenticate(about: {
    mechanism: string
    initial: string | undefined
    wire: SaslWire
  }): Promise<SignInOutcome> {
    const start = Date.now()
    const attempt = this.#around.signIn.begin(about.mechanism, this.#channel())
    if (!attempt) return { kind: 'noMechanism' }
    const end = await saslDialogue(attempt, about)
    if (end.kind === 'signedIn' || end.kind === 'refused') return this.#conclude(end, start)
    const reason = end.kind === 'cancelled' ? 'the client broke off' : 'malformed base64'
    this.log.event('login.bad', { host: this.host, address: this.address, mech: attempt.mech, reason })
    return end
  }

  /** The LOGIN command, or USER and PASS; asks `plaintextAllowed` itself. */
  async password(about: { user: string; password: string }): Promise<SignInOutcome> {
    if (!this.plaintextAllowed) return { kind: 'noMechanism' }
    const start = Date.now()
    const end = await this.#around.signIn.password(this.#channel(), about)
    const outcome = await this.#conclude(end, start)
    if (outcome.kind === 'signedIn' && !this.#tls && this.#around.plaintextPause > 0)
      await passing(this.#around.plaintextPause * 1000)
    return outcome
  }

  async apop(about: { user: string; stamp: string; digest: string }): Promise<SignInOutcome> {
    if (!this.apopAllowed) return { kind: 'noMechanism' }
    const start = Date.now()
    return this.#conclude(await this.#around.signIn.apop(this.#channel(), about), start)
  }

  /** Somebody who need not prove it: a UNIX socket, `lmtpd -a`. Not logged as a sign-in. */
  trust(user: string): Identity | undefined {
    this.#identity = this.#around.signIn.trusted(user)
    this.#around.changed()
    return this.#identity
  }

  /** UNAUTHENTICATE, RFC 8437, and LMTP's RSET of an identity. */
  forget(): void {
    this.#identity = undefined
    this.#stopTrace()
    this.#around.changed()
  }

  /** The connection has ended. */
  ended(): void {
    this.#stopTrace()
  }

  async #conclude(end: SignedIn | Refused, start: number): Promise<SignInOutcome> {
    if (end.kind === 'refused') return this.#refuse(end, start)
    const { identity, mech, data } = end
    const why = identity.admin ? undefined : this.#around.overLimit(this, identity.user)
    if (why !== undefined) {
      this.log.event('login.bad', { ...this.#who(), user: identity.user, mech, reason: why })
      return { kind: 'refused', text: why, temporary: true, limit: true }
    }
    this.#identity = identity
    this.#around.failures.forgive(this.address, identity.user)
    this.log.event('login.good', {
      ...this.#who(),
      user: identity.user,
      mech,
      tls: this.#tls !== undefined,
      session: this.id,
    })
    this.#startTrace(identity.user)
    this.#around.changed()
    await this.#around.prepare(identity)
    return { kind: 'signedIn', identity, ...(data ? { data: data.toString('base64') } : {}) }
  }

  /** The answer comes a fixed time after the attempt began, so that its time tells nothing. */
  async #refuse({ mech, why, user, temporary, text }: Refused, start: number): Promise<SignInOutcome> {
    this.log.event('login.bad', { ...this.#who(), user, mech, reason: why })
    if (temporary) {
      this.log.event('error', { text: `passwords cannot be checked: ${why}` })
      return { kind: 'refused', text: 'Passwords cannot be checked at the moment', temporary: true, limit: false }
    }
    const pause = this.#around.failures.count(this.address, user)
    await passing(start + pause - Date.now())
    return { kind: 'refused', text: text ?? 'authentication failure', temporary: false, limit: false }
  }

  #who(): { host: string | undefined; address: string } {
    return { host: this.host, address: this.address }
  }

  #channel(): Channel {
    const tls = this.#tls
    return {
      service: this.#around.protocol,
      entry: this.entry.name,
      host: this.#around.serverName,
      tls: tls !== undefined,
      clientName: tls?.clientName,
      channelBinding: (type) => tls?.channelBinding(type),
    }
  }

  #startTrace(user: string): void {
    const { directory, bySessionId, timestamps } = this.#around.telemetry
    const name = bySessionId ? this.id : `${process.pid}.${this.number}`
    this.#telemetry = openTelemetry({ directory, user, name, timestamps })
    this.connection.tap = this.#telemetry
  }

  #stopTrace(): void {
    this.connection.tap = undefined
    this.#telemetry?.close()
    this.#telemetry = undefined
  }
}

function passing(milliseconds: number): Promise<void> {
  return milliseconds <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, milliseconds))
}
