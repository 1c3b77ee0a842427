/** SASL as values: an exchange is a state that takes one message and gives one. RFC 4422 §3 */

/** What the connection tells a mechanism. */
export interface Channel {
  /** The service name of GSSAPI and DIGEST-MD5: `imap`, `pop`, `lmtp`, `sieve`. RFC 4422 §4 */
  readonly service: string
  /** A server's entry of cyrus.conf, which user_deny.db names: `imaps`. */
  readonly entry?: string
  /** The server's own name. */
  readonly host: string
  readonly tls: boolean
  /** The common name of a client certificate that a known authority signed: EXTERNAL. */
  readonly clientName: string | undefined
  /** Undefined without TLS, or when this TLS session has no such binding. */
  channelBinding(type: ChannelBindingType): Buffer | undefined
}

export const channelBindingTypes = ['tls-exporter', 'tls-server-end-point'] as const
export type ChannelBindingType = (typeof channelBindingTypes)[number]

/** A connection without TLS, for LMTP on a UNIX socket and for tests. */
export const plainChannel = (service: string, host: string): Channel => ({
  service,
  host,
  tls: false,
  clientName: undefined,
  channelBinding: () => undefined,
})

/** What a password source says of a password. */
export type Verdict =
  | { readonly kind: 'good' /** Changes when the password does. */; readonly version: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'unavailable'; readonly why: string }

/** What is kept of a password for mechanisms that do not send it. */
export interface Secrets {
  /** The password itself, for CRAM-MD5 and APOP. */
  plain(user: string): Promise<string | undefined>
  /** What SCRAM keeps. RFC 5802 §3 */
  scram(user: string, hash: ScramHash): Promise<ScramSecret | undefined>
  /**
   * 16 octets, H(user:realm:password) with the password of `name`, and of nobody else: `name` is who will have signed in.
   * RFC 2831 §2.1.2.1
   */
  digestMd5(name: string, hashed: { user: string; realm: string }): Promise<Buffer | undefined>
}

export type ScramHash = 'sha1' | 'sha256'
export interface ScramSecret {
  readonly salt: Buffer
  readonly iterations: number
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

/** What server mechanisms ask of the server. */
export interface ServerContext {
  readonly channel: Channel
  readonly secrets: Secrets
  /** The realm of users without one. */
  readonly realm: string
  /** Mechanism names on offer: SCRAM notices when somebody took its -PLUS form out of the list. */
  readonly offered: readonly string[]
  checkPassword(user: string, password: string): Promise<Verdict>
  random(size: number): Buffer
  /** The same for the same name, unknown to clients: the salt of users that do not exist. */
  pseudonym(name: string): Buffer
}

/** What became of a message from the client. */
export type Step =
  | { readonly kind: 'challenge'; readonly data: Buffer }
  | {
      readonly kind: 'proven'
      /** Whose secret was shown; as the client wrote it. */
      readonly user: string
      /** Who the client wants to act as; empty: the same. */
      readonly actAs: string
      /** The server's last word, for the client to check. RFC 4422 §3.6 */
      readonly data?: Buffer
      /** Nobody in particular: `user` is `anonymous`, without a secret. */
      readonly anonymous?: true
    }
  | {
      readonly kind: 'failed'
      readonly user?: string
      readonly why: string
      readonly temporary?: true
      readonly data?: Buffer
    }

/** One sign-in in progress. */
export interface ServerExchange {
  /** The client's message; undefined only at the beginning, when it sent no initial response. Never throws for what a client sent. */
  step(message: Buffer | undefined): Promise<Step>
}

export interface ServerMechanism {
  readonly name: string
  /** The password crosses the wire: only under TLS, or with allowplaintext. */
  readonly plaintext: boolean
  /** It works on this connection. */
  usable(channel: Channel): boolean
  start(context: ServerContext): ServerExchange
}

/** What a client knows of itself and of the server. */
export interface ClientCredentials {
  readonly user: string
  readonly password: string
  /** Whom to act as; undefined: oneself. */
  readonly actAs?: string | undefined
  /** DIGEST-MD5 only; undefined: the first the server names. */
  readonly realm?: string | undefined
  readonly channel: Channel
  random(size: number): Buffer
}

export interface ClientExchange {
  /** The server's message; undefined at the beginning. Undefined back: this mechanism waits for the server. Throws SaslError when the server lies. */
  step(message: Buffer | undefined): Buffer | undefined | Promise<Buffer | undefined>
}

export interface ClientMechanism {
  readonly name: string
  /** It begins with a message of its own, which may go with the command. RFC 4422 §3.3 */
  readonly clientFirst: boolean
  readonly plaintext: boolean
  start(credentials: ClientCredentials): ClientExchange
}

/** The server sent what no right server sends, or could not prove that it knows the password. */
export class SaslError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SaslError'
  }
}

export const failed = (why: string, user?: string): Step =>
  user === undefined ? { kind: 'failed', why } : { kind: 'failed', why, user }

/** Longest message of any mechanism here, octets, after base64. */
export const longestMessage = 8192

/** Text of a message; undefined when it is not UTF-8. */
export function utf8(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') && !Buffer.from(text).equals(bytes) ? undefined : text
}
