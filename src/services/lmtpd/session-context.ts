// What a command is given: the server that all sessions share, and the session of this client.

import type { Decide, DeliveryOptions } from '../../delivery/deliver.js'
import type { Reception, ReceptionOptions } from '../../delivery/incoming.js'
import type { Recipient, RecipientOptions } from '../../delivery/recipient.js'
import type { Store } from '../../store/store.js'
import type { MailCommand } from '../../syntax/lmtp/command.js'
import type { Reply } from '../../syntax/lmtp/reply.js'
import type { ClientSession } from '../worker/client-session.js'

/** imapd.conf as lmtpd reads it, by the options' own names. */
export type LmtpOptions = RecipientOptions &
  DeliveryOptions &
  ReceptionOptions & {
    readonly lmtp_over_quota_perm_failure: boolean
    readonly lmtp_strict_rfc2821: boolean
  }

/** What all sessions of a worker share. */
export type LmtpServer = {
  readonly store: Store
  readonly options: LmtpOptions
  readonly version: string
  readonly decide: Decide
  readonly now: () => Date
  /** Makes an INBOX for a user who has none, if imapd.conf says so. Resolves to whether it did. */
  readonly autocreate: (user: string) => Promise<boolean>
}

/** The mail transaction under way. */
export type Transaction = {
  readonly mail: MailCommand
  readonly recipients: Recipient[]
  /** Chunks so far. */
  chunks: Reception | undefined
  /** Why the chunks so far were not kept: the answer to each further one. */
  refusal: Reply | undefined
}

/** What LMTP needs of the client session that all services have. */
export type Peer = Pick<
  ClientSession,
  | 'address'
  | 'authenticate'
  | 'canStartTls'
  | 'connection'
  | 'forget'
  | 'host'
  | 'id'
  | 'identity'
  | 'log'
  | 'mechanisms'
  | 'serverName'
  | 'shutdown'
  | 'startTls'
  | 'tls'
>

/** This client, as far as commands see it. */
export type LmtpSession = {
  readonly server: LmtpServer
  readonly peer: Peer
  readonly wire: Wire
  /** It came over a UNIX socket: EXTERNAL would say what the socket says already. */
  readonly local: boolean
  /** As said with LHLO. */
  client: string | undefined
  /** Whether mail is taken: a UNIX socket, `-a`, or signed in as an administrator. */
  trusted: boolean
  transaction: Transaction | undefined
  ended: boolean
}

/** The connection, as far as commands touch it. */
export type Wire = {
  /** Sends at once. */
  send(reply: Reply): void
  /** The next line; undefined: the client is gone. @throws LineTooLong, ConnectionError */
  line(limit: number): Promise<Buffer | undefined>
  /** Message data up to CR LF "." CR LF. False: the client is gone. @throws ConnectionError */
  data(sink: Sink): Promise<boolean>
  /** Exactly `size` octets. False: the client is gone. @throws ConnectionError */
  octets(size: number, sink: Sink): Promise<boolean>
}

/** Takes bytes; a promise asks for a pause. Never throws. */
export type Sink = (bytes: Buffer) => void | Promise<void>

/** What a command answers: one reply, or one for each recipient. */
export type Answer = Reply | readonly Reply[]
