/** Every kind of write, as plain values: a closed union, and what each gives back once it is durable. */
import type { StoreErrorKind } from '../errors.js'
import type { InternalName } from '../mailbox-name.js'
import type { Actor, MailboxId, ModSeq, QuotaResource, Staged, Uid, UidRange } from '../types.js'

/** Flags by name: system flags in any case (`\Seen`), keywords as given. \Recent is refused by the reader of the command. */
export type FlagNames = readonly string[]

/** One place where one message is put. */
export interface AppendTarget {
  readonly mailbox: MailboxId
  readonly flags: FlagNames
  /** UTC seconds; undefined: now. */
  readonly internalDate?: number
  /** The right that is asked: `i` (APPEND), `p` (delivery); undefined: none, it was asked already. */
  readonly right?: 'i' | 'p'
  /** False: quota is not asked (LMTP IGNOREQUOTA, or the last message may exceed). */
  readonly quota: boolean
  /**
   * Protection of a retried delivery (DESIGN.md, promise 2): a digest of return path, recipient and bytes, kept 24 hours
   * with `anchor`, the recipient's INBOX. A second append with the same key stores nothing and answers `duplicate`.
   */
  readonly deliveryKey?: { readonly anchor: MailboxId; readonly digest: Buffer }
  /** Duplicate suppression by Message-ID as Cyrus does it: with recipient; kept until `cyr_expire -E`. */
  readonly messageIdKey?: { readonly messageId: string; readonly recipient: string }
}

export interface Append {
  readonly kind: 'append'
  readonly as: Actor
  readonly staged: Staged
  /** One for APPEND; several for one delivery to several recipients: each stands or falls alone. */
  readonly targets: readonly AppendTarget[]
}
export type AppendOutcome =
  | {
      readonly kind: 'stored'
      readonly mailbox: MailboxId
      readonly uidValidity: number
      readonly uid: Uid
      readonly modSeq: ModSeq
    }
  | { readonly kind: 'duplicate'; readonly mailbox: MailboxId }
  /** The store error's kind and message: the other targets are not touched by it. */
  | { readonly kind: 'refused'; readonly mailbox: MailboxId; readonly error: StoreErrorKind; readonly message: string }

export interface SetFlags {
  readonly kind: 'setFlags'
  readonly as: Actor
  readonly mailbox: MailboxId
  readonly uids: readonly UidRange[]
  readonly how: 'add' | 'remove' | 'replace'
  readonly flags: FlagNames
  /** Messages changed after this are left alone and reported. RFC 7162 §3.1.3 */
  readonly unchangedSince?: ModSeq
  /** True: only flags that the actor has a right to change are changed, silently (setting \Seen by FETCH). */
  readonly lenient?: boolean
}
export interface SetFlagsOutcome {
  readonly modSeq: ModSeq
  /** Messages whose flags are different now, all with `modSeq`. Read them in a fresh view. */
  readonly changed: readonly UidRange[]
  /** Messages that `unchangedSince` protected. */
  readonly modified: readonly UidRange[]
}

export interface Expunge {
  readonly kind: 'expunge'
  readonly as: Actor
  readonly mailbox: MailboxId
  /** undefined: all. */
  readonly uids?: readonly UidRange[]
  /** True: only those with \Deleted, as EXPUNGE does; false: whatever is named (ipurge, POP3 DELE). */
  readonly onlyDeleted: boolean
}
export interface ExpungeOutcome {
  readonly modSeq: ModSeq
  readonly expunged: readonly UidRange[]
}

export interface Copy {
  readonly kind: 'copy'
  readonly as: Actor
  readonly from: MailboxId
  readonly uids: readonly UidRange[]
  readonly to: MailboxId
  /** True: MOVE, the originals are expunged in the same transaction. RFC 6851 */
  readonly move: boolean
}
export interface CopyOutcome {
  readonly uidValidity: number
  /** Same number of UIDs in both, in order: COPYUID. RFC 4315 */
  readonly from: readonly UidRange[]
  readonly to: readonly UidRange[]
}

export interface CreateMailbox {
  readonly kind: 'createMailbox'
  readonly as: Actor
  readonly name: InternalName
  readonly partition?: string
  readonly specialUse?: readonly string[]
  /** undefined: inherited from the parent, or the default for a user's INBOX. */
  readonly acl?: string
}
export interface CreateMailboxOutcome {
  readonly mailbox: MailboxId
  readonly uniqueId: string
}

/** Renames the mailbox and its children; INBOX of a user to an ordinary name moves its messages and leaves it empty. */
export interface RenameMailbox {
  readonly kind: 'renameMailbox'
  readonly as: Actor
  readonly from: InternalName
  readonly to: InternalName
  readonly partition?: string
}
export interface RenameMailboxOutcome {
  readonly renamed: readonly { readonly mailbox: MailboxId; readonly from: InternalName; readonly to: InternalName }[]
}

/** Deletes one mailbox (a user's INBOX: with everything below). Under `delete_mode: delayed` it is renamed to DELETED. */
export interface DeleteMailbox {
  readonly kind: 'deleteMailbox'
  readonly as: Actor
  readonly name: InternalName
  /** True: for good, whatever `delete_mode` says (expiry of DELETED mailboxes). */
  readonly forGood?: boolean
}
export interface DeleteMailboxOutcome {
  readonly deleted: readonly InternalName[]
}

export interface SetAcl {
  readonly kind: 'setAcl'
  readonly as: Actor
  readonly name: InternalName
  readonly identifier: string
  /** `lrs`, `+w`, `-p`; empty: the entry goes. RFC 4314 §3.1 */
  readonly rights: string
}

/** Limits of a quota root, made if missing. A resource that is not named becomes unlimited. */
export interface SetQuota {
  readonly kind: 'setQuota'
  readonly as: Actor
  readonly root: InternalName
  readonly limits: Readonly<Partial<Record<QuotaResource, number>>>
}
export interface RemoveQuota {
  readonly kind: 'removeQuota'
  readonly as: Actor
  readonly root: InternalName
}

export interface Subscribe {
  readonly kind: 'subscribe'
  readonly as: Actor
  readonly user: string
  readonly name: InternalName
  readonly subscribed: boolean
}

/** Server and mailbox annotations. RFC 5464 */
export interface SetAnnotation {
  readonly kind: 'setAnnotation'
  readonly as: Actor
  /** undefined: of the server. */
  readonly mailbox: MailboxId | undefined
  readonly entry: string
  /** Whose: a user's private value, or everybody's. */
  readonly user: string | undefined
  /** undefined: removed. */
  readonly value: Buffer | undefined
}

export interface SetSpecialUse {
  readonly kind: 'setSpecialUse'
  readonly as: Actor
  readonly mailbox: MailboxId
  readonly specialUse: readonly string[]
}

/** A read-write session has been told of the recent messages up to this UID. Not acknowledged to anybody. */
export interface MarkRecent {
  readonly kind: 'markRecent'
  readonly mailbox: MailboxId
  readonly uid: Uid
}
/** A POP3 session began. */
export interface MarkPop3 {
  readonly kind: 'markPop3'
  readonly mailbox: MailboxId
}

/** Options of a mailbox that an administrator sets. */
export interface SetOptions {
  readonly kind: 'setOptions'
  readonly as: Actor
  readonly mailbox: MailboxId
  readonly sharedSeen?: boolean
  /** UTC seconds; 0: all messages. */
  readonly pop3ShowAfter?: number
}

/** Forgets messages of the mailbox that were expunged before that, UTC seconds; a slice at a time. */
export interface ForgetExpunged {
  readonly kind: 'forgetExpunged'
  readonly mailbox: MailboxId
  readonly before: number
}
/** Forgets which Message-IDs were delivered before that, UTC seconds; a slice at a time. */
export interface ForgetDelivered {
  readonly kind: 'forgetDelivered'
  readonly before: number
}
export interface Forgotten {
  readonly forgotten: number
  /** True: there is more, ask again. */
  readonly more: boolean
}

/** Changes, with what each resolves to. */
export interface Outcomes {
  append: { readonly targets: readonly AppendOutcome[] }
  setFlags: SetFlagsOutcome
  expunge: ExpungeOutcome
  copy: CopyOutcome
  createMailbox: CreateMailboxOutcome
  renameMailbox: RenameMailboxOutcome
  deleteMailbox: DeleteMailboxOutcome
  setAcl: { readonly modSeq: ModSeq }
  setQuota: Record<string, never>
  removeQuota: Record<string, never>
  subscribe: Record<string, never>
  setAnnotation: Record<string, never>
  setSpecialUse: Record<string, never>
  markRecent: Record<string, never>
  markPop3: Record<string, never>
  setOptions: Record<string, never>
  forgetExpunged: Forgotten
  forgetDelivered: Forgotten
}
export type Change =
  | Append
  | SetFlags
  | Expunge
  | Copy
  | CreateMailbox
  | RenameMailbox
  | DeleteMailbox
  | SetAcl
  | SetQuota
  | RemoveQuota
  | Subscribe
  | SetAnnotation
  | SetSpecialUse
  | MarkRecent
  | MarkPop3
  | SetOptions
  | ForgetExpunged
  | ForgetDelivered
export type OutcomeOf<C extends Change> = Outcomes[C['kind']]
