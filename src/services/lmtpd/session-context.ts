// What a command is given: the server that all sessions share, and the session of this client.

import type { Channel } from '../../auth/sasl.js'
import type { SignIn } from '../../auth/sign-in.js'
import type { Decide, DeliveryOptions } from '../../delivery/deliver.js'
import type { Reception, ReceptionOptions } from '../../delivery/incoming.js'
import type { Recipient, RecipientOptions } from '../../delivery/recipient.js'
import type { Log } from '../../log/log.js'
import type { Store } from '../../store/store.js'
import type { Actor } from '../../store/types.js'
import type { MailCommand } from '../../syntax/lmtp/command.js'
import type { Reply } from '../../syntax/lmtp/reply.js'

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
  readonly log: Log
  readonly options: LmtpOptions
  /** Host name in greeting and Received lines. */
  readonly name: string
  readonly version: string
  readonly signIn: Pick<SignIn, 'begin' | 'mechanisms'>
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

/** This client, as far as commands see it. */
export type LmtpSession = {
  readonly server: LmtpServer
  readonly id: string
  /** The address for Received lines and the log: `[127.0.0.1]`, `[unix socket]`. */
  readonly from: string
  readonly wire: Wire
  readonly channel: Channel
  /** As said with LHLO. */
  client: string | undefined
  /** Whether mail is taken: a UNIX socket, `-a`, or signed in as an administrator. */
  trusted: boolean
  /** EXTERNAL would say what the socket says already. */
  readonly local: boolean
  /** Who signed in. */
  user: Actor | undefined
  readonly canStartTls: boolean
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
  startTls(): Promise<void>
}

/** Takes bytes; a promise asks for a pause. Never throws. */
export type Sink = (bytes: Buffer) => void | Promise<void>

/** What a command answers: one reply, or one for each recipient. */
export type Answer = Reply | readonly Reply[]
