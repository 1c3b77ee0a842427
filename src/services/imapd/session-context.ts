/** What a command is given: the server, this connection, and the fields of the state that it asked for. */
import type { Namespace } from '../../store/namespace.js'
import type { Store } from '../../store/store.js'
import type { Staged } from '../../store/types.js'
import type { NameForm } from '../../syntax/imap/mailbox.js'
import type { ClientSession } from '../worker/client-session.js'
import type { SelectedMailbox } from './selected.js'
import type { ImapSettings } from './settings.js'
import type { StateName, User } from './state.js'
import type { Turn } from './turn.js'

/** What all sessions of a worker share. */
export interface ImapServer {
  readonly store: Store
  readonly names: Namespace
  readonly settings: ImapSettings
}

/** Extensions that change how the server speaks, once the client has enabled them. RFC 5161 */
export type Enabled = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT' | 'IMAP4REV2'

/** What the worker knows of the connection and does for it. */
export type ImapDoor = Pick<
  ClientSession,
  | 'connection'
  | 'id'
  | 'tls'
  | 'canStartTls'
  | 'startTls'
  | 'mechanisms'
  | 'plaintextAllowed'
  | 'authenticate'
  | 'password'
  | 'forget'
  | 'doing'
  | 'motd'
  | 'shutdown'
  | 'setNotice'
  | 'log'
>

/** This connection, as far as commands see it. */
export interface ImapClient {
  readonly door: ImapDoor
  /** Of the command that is running. */
  readonly tag: string
  readonly enabled: Set<Enabled>
  readonly turn: Turn
  /** How mailbox names travel. */
  readonly nameForm: NameForm
  readonly compressed: boolean
  /** Messages of the APPEND that is running, in order. */
  readonly literals: readonly StagedLiteral[]

  signedIn(user: User): void
  signedOut(): void
  selected(mailbox: SelectedMailbox): void
  unselected(): void

  /** Sends one continuation request and waits for the client's line, without CRLF; undefined: it is gone. */
  ask(request: string): Promise<Buffer | undefined>
  /** Waits for one line, without CRLF; undefined: the client is gone. */
  nextLine(): Promise<Buffer | undefined>
  /** Resolves at the client's next octet, or when the selected mailbox may have changed, or after the poll time. */
  somethingHappens(): Promise<'line' | 'news'>
}

/** A message that came as a literal and lies in the store's staging. */
export interface StagedLiteral {
  readonly staged: Staged
  readonly size: number
}

interface Common {
  readonly server: ImapServer
  readonly client: ImapClient
}
interface Fields {
  any: { readonly user: User | undefined; readonly mailbox: SelectedMailbox | undefined }
  notAuthenticated: object
  authenticated: { readonly user: User; readonly mailbox: SelectedMailbox | undefined }
  selected: { readonly user: User; readonly mailbox: SelectedMailbox }
}
/** A session in that state. */
export type SessionIn<State extends StateName> = Common & Fields[State]
