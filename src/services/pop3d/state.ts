/** The session's states, and what the commands of each are given. RFC 1939 §3 */
import type { Identity } from '../../auth/identity.js'
import type { Namespace } from '../../store/namespace.js'
import type { Store } from '../../store/store.js'
import type { Reply } from '../../syntax/pop3/reply.js'
import type { ClientSession } from '../worker/client-session.js'
import type { LoginDelay } from './login-delay.js'
import type { Drop } from './maildrop.js'
import type { MaildropLocks } from './maildrop-lock.js'
import type { UidlFormat } from './unique-id.js'

/** What imapd.conf says to pop3d. */
export interface Pop3Options {
  readonly uidlFormat: UidlFormat
  /** Days; negative is never. */
  readonly expireDays: number
  readonly useAcl: boolean
  readonly useImapFlags: boolean
  readonly subfolders: boolean
  /** How much the greeting tells. */
  readonly serverInfo: 'off' | 'min' | 'on'
  readonly version: string
  /** Removals are written to the audit log. */
  readonly auditLog: boolean
}

/** What all sessions of a worker share. */
export interface Pop3Server {
  readonly store: Store
  readonly namespace: Namespace
  readonly locks: MaildropLocks
  readonly delay: LoginDelay
  readonly options: Pop3Options
}

export type Pop3State =
  | {
      readonly kind: 'authorization'
      /** What USER said. */
      readonly user?: string
    }
  | { readonly kind: 'transaction'; readonly identity: Identity; readonly drop: Drop }

export interface Pop3Session {
  readonly server: Pop3Server
  readonly client: ClientSession
  /** The stamp of the greeting; undefined: APOP is not offered. */
  readonly stamp: string | undefined
  state: Pop3State
  /** UTF8 was said. RFC 6856 §2.1 */
  utf8: boolean
  /** Failed sign-ins so far. */
  failures: number
}

/** What the session does after the reply, when it does more than wait for the next command. */
export type Then = 'startTls' | 'end'

export interface Answer {
  readonly reply: Reply
  readonly then?: Then
}

export interface Pop3Command {
  readonly keyword: string
  /** States in which it is valid. */
  readonly states: readonly Pop3State['kind'][]
  /** @throws Bad, StoreError, ConnectionError */
  run(session: Pop3Session, rest: string): Answer | Promise<Answer>
}

export const answer = (reply: Reply, then?: Then): Answer => ({ reply, ...(then ? { then } : {}) })

/** The maildrop; commands of the transaction state have one. */
export function dropOf({ state }: Pop3Session): Drop {
  if (state.kind !== 'transaction') throw new Error('no maildrop in this state')
  return state.drop
}
