/** The values of the store: what a mailbox, a message, a right-holder and a quota are, apart from how they are kept. */
import type { InternalName } from './mailbox-name.js'

declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** A message's number in its mailbox, 1 … 2^32-1, strictly rising, never reused under one UIDVALIDITY. RFC 9051 §2.3.1.1 */
export type Uid = Brand<number, 'Uid'>
/** RFC 7162 §3.1.1. The store gives out 1, 2, 3 … per mailbox, so a double holds every one that can occur (below 2^53). */
export type ModSeq = Brand<number, 'ModSeq'>
/** The store's own number of a mailbox, 1 … 2^32-1: survives renames, is never reused, means nothing outside this server. */
export type MailboxId = Brand<number, 'MailboxId'>

/** A stretch of UIDs, both ends included, first <= last. Lists of them are sorted and do not touch. */
export interface UidRange {
  readonly first: Uid
  readonly last: Uid
}

/** Who asks. `system` is the server itself (delivery, expiry, repair): no right is asked of it. */
export type Actor =
  | { readonly kind: 'system' }
  | {
      readonly kind: 'user'
      /** Canonical user name, `paul` or `paul@example.com`; `anonymous` for anonymous log-ins. */
      readonly user: string
      /** Names of groups, without the `group:` prefix. */
      readonly groups: readonly string[]
      readonly admin: boolean
    }

export const system: Actor = { kind: 'system' }

/** System flags as bits of `MessageRecord.flags`; \Recent is not stored. RFC 9051 §2.3.2 */
export const flag = {
  seen: 1,
  answered: 2,
  flagged: 4,
  deleted: 8,
  draft: 16,
} as const
export const systemFlags: ReadonlyMap<string, number> = new Map([
  ['\\Seen', flag.seen],
  ['\\Answered', flag.answered],
  ['\\Flagged', flag.flagged],
  ['\\Deleted', flag.deleted],
  ['\\Draft', flag.draft],
])
/** Most keywords that one mailbox can know. */
export const maxKeywords = 128

/** What is said of a mailbox once, as opposed to the counts that change with every message. */
export interface MailboxEntry {
  readonly id: MailboxId
  readonly name: InternalName
  /** RFC 8474 MAILBOXID, and Cyrus's unique id: hexadecimal, the same for ever, also after a rename. */
  readonly uniqueId: string
  /** UTC seconds at creation, or more: unique on this server. */
  readonly uidValidity: number
  readonly partition: string
  /** Directory below the partition, `user/paul/Sent`. Follows the name by a plan. */
  readonly directory: string
  /** Cyrus's text form, `paul\tlrswipkxtecda\tanyone\tlrs\t`. */
  readonly acl: string
  readonly quotaRoot: InternalName | undefined
  /** Keywords by bit number: the n-th name is bit n of `MessageRecord.keywords`. */
  readonly keywords: readonly string[]
  /** RFC 6154 attributes, `\Sent`. Of the owner; private. */
  readonly specialUse: readonly string[]
  /** UTC seconds. */
  readonly createdAt: number
  readonly createdModSeq: ModSeq
  /** Raised by every change of this value: tells whether something derived from it (cyrus.header) is current. */
  readonly version: number
  /** Every reader has one \Seen state, kept in the records (mailbox option `sharedseen`). */
  readonly sharedSeen: boolean
  /** POP3 shows only messages delivered after this, UTC seconds (mailbox option `pop3showafter`). 0: all. */
  readonly pop3ShowAfter: number
  /** Set while files move: to which directory and partition. Appends are refused for the moment. */
  readonly moving: { readonly partition: string; readonly directory: string } | undefined
}

/** The counts of a mailbox: everything that SELECT and STATUS need. */
export interface MailboxCounts {
  readonly uidNext: Uid
  readonly exists: number
  /** Sum of the messages' `size`s, octets. */
  readonly octets: number
  readonly highestModSeq: ModSeq
  /** VANISHED (EARLIER) is answered from tombstones only above this. */
  readonly vanishedFloor: ModSeq
  /** Messages without \Seen as the owner sees them; other users' counts: `View.seen`. */
  readonly unseen: number
  readonly answered: number
  readonly flagged: number
  readonly deleted: number
  /** UID of the first message without the owner's \Seen, 0 if none. */
  readonly firstUnseen: number
  /** Messages above this UID are \Recent to the next session that selects the mailbox read-write. */
  readonly recentUid: number
  /** UTC seconds of the last append, 0 if never. */
  readonly lastAppend: number
  /** UTC seconds of the last POP3 log-in, 0 if never. */
  readonly lastPop3: number
}

export interface Mailbox extends MailboxEntry, MailboxCounts {}

/** Resources a quota root limits. RFC 9208 §5: STORAGE in units of 1024 octets (limits; usage is kept in octets). */
export const quotaResources = ['STORAGE', 'MESSAGE', 'MAILBOX', 'X-ANNOTATION-STORAGE'] as const
export type QuotaResource = (typeof quotaResources)[number]

export interface Quota {
  readonly root: InternalName
  /** Octets for STORAGE and X-ANNOTATION-STORAGE, else a count. */
  readonly usage: Readonly<Record<QuotaResource, number>>
  /** Units of 1024 octets for STORAGE and X-ANNOTATION-STORAGE, else a count; undefined: unlimited. */
  readonly limit: Readonly<Record<QuotaResource, number | undefined>>
}

/** What one user, not the owner, has seen in a mailbox. */
export interface SeenState {
  /** UIDs seen. */
  readonly seen: readonly UidRange[]
  readonly unseen: number
}

/** The bytes of a message that is to be stored: in memory up to `inMemoryLimit` octets, above that in a synced stage file. */
export type Staged =
  | {
      readonly kind: 'memory'
      /** Exactly the message; its ArrayBuffer is its own and is given away with the change. */
      readonly bytes: Buffer
      readonly digests: Digests
    }
  | {
      readonly kind: 'file'
      /** The stage group that holds it, and which file of the group it is. */
      readonly group: number
      readonly file: number
      readonly partition: string
      readonly size: number
      readonly digests: Digests
    }

export interface Digests {
  /** 20 octets: Cyrus's GUID, RFC 8474 EMAILID. */
  readonly sha1: Buffer
  /** 32 octets. */
  readonly sha256: Buffer
  /** Octets as IMAP shows them: each bare LF counted as CR LF. */
  readonly viewSize: number
  /** False: what IMAP shows differs from the bytes stored (bare LF, NUL): DESIGN.md, promise 3. */
  readonly clean: boolean
}
