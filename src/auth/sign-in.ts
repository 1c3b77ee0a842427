/** Signing in: which mechanisms are offered on a connection, and who the client is when one has proven something. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { type Account, account, type NameRules } from './account.js'
import type { DenyList } from './deny-list.js'
import type { Groups } from './groups.js'
import type { Identity } from './identity.js'
import { serverMechanisms } from './mechanisms.js'
import type { Passwords } from './passwords.js'
import { sameBytes } from './same-bytes.js'
import type { Channel, ServerContext, ServerExchange, ServerMechanism, Step } from './sasl.js'

/** What imapd.conf says about signing in. */
export interface SignInRules {
  readonly names: NameRules
  readonly admins: readonly string[]
  /** They may act as anybody, like admins, and administer nothing. */
  readonly proxyServers: readonly string[]
  /** Names in upper case; empty: those that the password sources can serve without plain passwords being kept. */
  readonly mechanisms: readonly string[]
  readonly allowPlaintext: boolean
  readonly allowAnonymous: boolean
  readonly allowApop: boolean
  readonly tlsRequired: boolean
  /** Bits of strength the connection must have; TLS has 256. */
  readonly minimumLayer: number
}

export type SignedIn = {
  readonly kind: 'signedIn'
  readonly identity: Identity
  readonly mech: string
  readonly data?: Buffer
}
export interface Refused {
  readonly kind: 'refused'
  readonly mech: string
  /** For the log; never holds a password. */
  readonly why: string
  /** Whom the client claimed to be, as it wrote it, cut to a bearable length. */
  readonly user: string | undefined
  /** Not the client's fault: it may try again later. */
  readonly temporary: boolean
  /** For the client, when it may know more than "no". */
  readonly text?: string
  /** The mechanism's last word to the client. */
  readonly data?: Buffer
}
export type AttemptStep = { readonly kind: 'challenge'; readonly data: Buffer } | SignedIn | Refused

/** One SASL exchange in progress. */
export interface Attempt {
  readonly mech: string
  /** The client's message, decoded; undefined at the beginning when it sent none. */
  step(message: Buffer | undefined): Promise<AttemptStep>
}

export class SignIn {
  readonly #rules: SignInRules
  readonly #passwords: Passwords
  readonly #groups: Groups
  readonly #denyList: DenyList
  readonly #pseudonymKey = randomBytes(32)

  constructor(parts: { rules: SignInRules; passwords: Passwords; groups: Groups; denyList: DenyList }) {
    this.#rules = parts.rules
    this.#passwords = parts.passwords
    this.#groups = parts.groups
    this.#denyList = parts.denyList
  }

  /** Names to advertise, strongest first. */
  mechanisms(channel: Channel): readonly string[] {
    return serverMechanisms.filter((each) => this.#offers(each, channel)).map(({ name }) => name)
  }

  /** LOGIN, or USER and PASS: a password in the clear is allowed here. */
  plaintextAllowed(channel: Channel): boolean {
    return this.#strongEnough(channel) && (channel.tls || this.#rules.allowPlaintext)
  }

  /** APOP makes sense: passwords are kept, and nothing stronger is demanded. */
  apopAllowed(channel: Channel): boolean {
    return this.#rules.allowApop && this.#passwords.hasSecrets && this.#strongEnough(channel)
  }

  /** Undefined: no such mechanism, or not here. */
  begin(name: string, channel: Channel): Attempt | undefined {
    const mechanism = serverMechanisms.find((each) => each.name === name.toUpperCase())
    if (!mechanism || !this.#offers(mechanism, channel)) return undefined
    const exchange = mechanism.start(this.#context(channel))
    return { mech: mechanism.name, step: (message) => this.#step(exchange, { mech: mechanism.name, message, channel }) }
  }

  /** The LOGIN command, or USER and PASS. Ask `plaintextAllowed` first. */
  async password(
    channel: Channel,
    { user, password }: { user: string; password: string },
  ): Promise<SignedIn | Refused> {
    const verdict = await this.#passwords.check(user, { password, service: channel.service })
    if (verdict.kind === 'good')
      return this.#authorize({ kind: 'proven', user, actAs: '' }, { mech: 'plaintext', channel })
    const why = verdict.kind === 'unavailable' ? verdict.why : 'wrong password or unknown user'
    return refused({ mech: 'plaintext', why, user, temporary: verdict.kind === 'unavailable' })
  }

  /** APOP: the MD5 of greeting stamp and password. RFC 1939 §7 */
  async apop(
    channel: Channel,
    { user, stamp, digest }: { user: string; stamp: string; digest: string },
  ): Promise<SignedIn | Refused> {
    const plain = await this.#passwords.plain(user)
    const right = createHash('md5')
      .update(`${stamp}${plain ?? randomBytes(16).toString('hex')}`)
      .digest('hex')
    if (!sameBytes(Buffer.from(digest.toLowerCase()), Buffer.from(right)) || plain === undefined)
      return refused({ mech: 'APOP', why: 'wrong password or unknown user', user, temporary: false })
    return this.#authorize({ kind: 'proven', user, actAs: '' }, { mech: 'APOP', channel })
  }

  /** A user who need not prove anything here: `lmtpd -a`, a UNIX socket. Undefined when it can be nobody's name. */
  trusted(user: string): Identity | undefined {
    const who = account(user, this.#rules.names)
    return who && this.#identity(who)
  }

  #offers({ name, plaintext, usable }: ServerMechanism, channel: Channel): boolean {
    const { mechanisms, allowPlaintext, allowAnonymous } = this.#rules
    const listed =
      mechanisms.length > 0 ? mechanisms.includes(base(name)) || mechanisms.includes(name) : byDefault(name)
    if (name === 'ANONYMOUS' && !allowAnonymous) return false
    if (plaintext && !channel.tls && !allowPlaintext) return false
    if (!plaintext && !['EXTERNAL', 'ANONYMOUS'].includes(name) && !this.#passwords.hasSecrets) return false
    return listed && usable(channel) && this.#strongEnough(channel)
  }

  #strongEnough({ tls }: Channel): boolean {
    return tls || (!this.#rules.tlsRequired && this.#rules.minimumLayer <= 0)
  }

  #context(channel: Channel): ServerContext {
    return {
      channel,
      secrets: this.#passwords,
      realm: this.#rules.names.realm,
      offered: this.mechanisms(channel),
      checkPassword: (user, password) => this.#passwords.check(user, { password, service: channel.service }),
      random: (size) => randomBytes(size),
      pseudonym: (name) => createHmac('sha256', this.#pseudonymKey).update(name).digest(),
    }
  }

  async #step(
    exchange: ServerExchange,
    { mech, message, channel }: { mech: string; message: Buffer | undefined; channel: Channel },
  ): Promise<AttemptStep> {
    const step = await exchange.step(message)
    if (step.kind === 'challenge') return step
    if (step.kind === 'proven') return this.#authorize(step, { mech, channel })
    const { user, why, temporary = false, data } = step
    return { ...refused({ mech, why, user, temporary }), ...(data ? { data } : {}) }
  }

  /** RFC 4422 §2: authenticated as one, authorized to act as another. */
  #authorize(
    { user, actAs, data, anonymous }: Extract<Step, { kind: 'proven' }>,
    { mech, channel }: { mech: string; channel: Channel },
  ): SignedIn | Refused {
    const answer = data ? { data } : {}
    if (anonymous) return { kind: 'signedIn', identity: nobody, mech, ...answer }
    const no = (why: string, text?: string): Refused => ({
      ...refused({ mech, why, user, temporary: false }),
      ...(text ? { text } : {}),
    })
    const self = account(user, this.#rules.names)
    const other = actAs === '' ? self : account(actAs, this.#rules.names)
    if (!self || !other) return no('not a user name')
    if (self.id !== other.id && !this.#mayProxy(self)) return no(`may not act as ${cut(actAs)}`)
    const denial = this.#denyList.denied(other.id, [channel.entry ?? '', channel.service])
    if (denial !== undefined) return no('denied by user_deny.db', denial)
    return { kind: 'signedIn', identity: this.#identity(other), mech, ...answer }
  }

  #mayProxy({ id }: Account): boolean {
    return this.#listed(this.#rules.admins, id) || this.#listed(this.#rules.proxyServers, id)
  }

  #identity({ id }: Account): Identity {
    return { kind: 'user', user: id, groups: this.#groups.of(id), admin: this.#listed(this.#rules.admins, id) }
  }

  /** Names in lists may be groups, and are canonical after the same rules as those of clients. */
  #listed(list: readonly string[], id: string): boolean {
    return list.some((each) =>
      each.startsWith('group:')
        ? this.#groups.of(id).includes(each.slice(6))
        : each === id || account(each, this.#rules.names)?.id === id,
    )
  }
}

const nobody: Identity = { kind: 'user', user: 'anonymous', groups: [], admin: false }

/** Without a list: passwords under TLS, and certificates where clients have them. */
function byDefault(name: string): boolean {
  return name === 'PLAIN' || name === 'LOGIN' || name === 'EXTERNAL' || name === 'ANONYMOUS'
}

/** Who lists SCRAM-SHA-256 gets SCRAM-SHA-256-PLUS with it. */
function base(name: string): string {
  return name.endsWith('-PLUS') ? name.slice(0, -5) : name
}

function cut(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text
}

function refused(about: { mech: string; why: string; user: string | undefined; temporary: boolean }): Refused {
  return { kind: 'refused', ...about, user: about.user === undefined ? undefined : cut(about.user) }
}
