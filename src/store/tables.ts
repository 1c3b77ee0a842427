/** Every table of the index environment, with key, value and version. Forms are described in docs/format.md. */
import type { Codec, TableDeclaration } from '../db/table.js'
import { type InternalName, nameOfSortKey, sortKey } from './mailbox-name.js'
import { readModSeq, writeModSeq } from './message-record.js'
import type { MailboxCounts, MailboxEntry, MailboxId, ModSeq, Quota, Uid, UidRange } from './types.js'
import { quotaResources } from './types.js'
import { decodeRanges, encodeRanges } from './uid-ranges.js'

/** Raised when any table's form changes; an older server refuses a newer environment. */
export const formatVersion = 1

const raw: Codec<Buffer> = { encode: (bytes) => bytes, decode: (bytes) => bytes }
const text: Codec<string> = { encode: (value) => Buffer.from(value), decode: (bytes) => bytes.toString() }
const json = <T>(): Codec<T> => ({
  encode: (value) => Buffer.from(JSON.stringify(value)),
  decode: (bytes) => JSON.parse(bytes.toString()) as T,
})
const empty: Codec<true> = { encode: () => Buffer.alloc(0), decode: () => true }
const u32: Codec<number> = {
  encode(value) {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(value)
    return bytes
  },
  decode: (bytes) => bytes.readUInt32BE(0),
}
const uidRanges: Codec<readonly UidRange[]> = { encode: encodeRanges, decode: (bytes) => decodeRanges(bytes) }

const nameKey: Codec<InternalName> = {
  encode: (name) => Buffer.from(sortKey(name)),
  decode: (bytes) => nameOfSortKey(bytes.toString()),
}

/** Octets of a clustered key that name the mailbox and the kind: `Range.sharing` of a scan of one kind. */
export const clusterPrefix = 5
/** What belongs to one mailbox and changes with its messages lies together: mailbox id, kind, and the kind's own key. */
function clustered<Sub>(kind: number, sub: Codec<Sub>): Codec<{ readonly mailbox: MailboxId; readonly sub: Sub }> {
  return {
    encode(key) {
      const tail = sub.encode(key.sub)
      const bytes = Buffer.allocUnsafe(5 + tail.length)
      bytes.writeUInt32BE(key.mailbox)
      bytes[4] = kind
      tail.copy(bytes, 5)
      return bytes
    },
    decode: (bytes) => ({ mailbox: bytes.readUInt32BE(0) as MailboxId, sub: sub.decode(bytes.subarray(5)) }),
  }
}
const nothing: Codec<undefined> = { encode: () => Buffer.alloc(0), decode: () => undefined }
const modSeqKey: Codec<ModSeq> = {
  encode(value) {
    const bytes = Buffer.alloc(8)
    bytes.writeUInt32BE(Math.floor(value / 0x1_0000_0000))
    bytes.writeUInt32BE(value >>> 0, 4)
    return bytes
  },
  decode: (bytes) => (bytes.readUInt32BE(0) * 0x1_0000_0000 + bytes.readUInt32BE(4)) as ModSeq,
}
const userAndUid: Codec<{ readonly user: string; readonly uid: Uid }> = {
  encode: ({ user, uid }) => Buffer.concat([Buffer.from(`${user}\0`), u32.encode(uid)]),
  decode: (bytes) => ({
    user: bytes.subarray(0, -5).toString(),
    uid: bytes.readUInt32BE(bytes.length - 4) as Uid,
  }),
}

const countsForm: Codec<MailboxCounts> = {
  encode(counts) {
    const bytes = Buffer.alloc(80)
    const small = [
      counts.uidNext,
      counts.exists,
      counts.unseen,
      counts.answered,
      counts.flagged,
      counts.deleted,
      counts.firstUnseen,
      counts.recentUid,
      counts.lastAppend,
      counts.lastPop3,
    ]
    for (const [index, value] of small.entries()) bytes.writeUInt32LE(value, index * 4)
    bytes.writeDoubleLE(counts.octets, 40)
    writeModSeq(bytes, 48, counts.highestModSeq)
    writeModSeq(bytes, 56, counts.vanishedFloor)
    return bytes
  },
  decode: (bytes) => ({
    uidNext: bytes.readUInt32LE(0) as Uid,
    exists: bytes.readUInt32LE(4),
    unseen: bytes.readUInt32LE(8),
    answered: bytes.readUInt32LE(12),
    flagged: bytes.readUInt32LE(16),
    deleted: bytes.readUInt32LE(20),
    firstUnseen: bytes.readUInt32LE(24),
    recentUid: bytes.readUInt32LE(28),
    lastAppend: bytes.readUInt32LE(32),
    lastPop3: bytes.readUInt32LE(36),
    octets: bytes.readDoubleLE(40),
    highestModSeq: readModSeq(bytes, 48),
    vanishedFloor: readModSeq(bytes, 56),
  }),
}

/** A user's \Seen in somebody else's mailbox: the modseq of the last change, and the live UIDs seen. */
export interface SeenRow {
  readonly modSeq: ModSeq
  readonly seen: readonly UidRange[]
}
const seenForm: Codec<SeenRow> = {
  encode({ modSeq, seen }) {
    const head = Buffer.alloc(8)
    writeModSeq(head, 0, modSeq)
    return Buffer.concat([head, encodeRanges(seen)])
  },
  decode: (bytes) => ({ modSeq: readModSeq(bytes, 0), seen: decodeRanges(bytes, 8) }),
}

/** What is kept of an expunged message until its file is unlinked. */
export interface ExpungedRow {
  /** UTC seconds. */
  readonly at: number
  readonly modSeq: ModSeq
  /** The record as it was: `recordSize` octets. */
  readonly record: Buffer
}
const expungedForm: Codec<ExpungedRow> = {
  encode({ at, modSeq, record }) {
    const head = Buffer.alloc(16)
    head.writeUInt32LE(at)
    writeModSeq(head, 8, modSeq)
    return Buffer.concat([head, record])
  },
  decode: (bytes) => ({
    at: bytes.readUInt32LE(0),
    modSeq: readModSeq(bytes, 8),
    record: bytes.subarray(16),
  }),
}

const quotaForm: Codec<Omit<Quota, 'root'>> = {
  encode({ usage, limit }) {
    const bytes = Buffer.alloc(quotaResources.length * 16)
    quotaResources.forEach((resource, index) => {
      bytes.writeDoubleLE(usage[resource], index * 16)
      bytes.writeDoubleLE(limit[resource] ?? -1, index * 16 + 8)
    })
    return bytes
  },
  decode(bytes) {
    const usage = { STORAGE: 0, MESSAGE: 0, MAILBOX: 0, 'X-ANNOTATION-STORAGE': 0 }
    const limit: Record<keyof typeof usage, number | undefined> = {
      STORAGE: undefined,
      MESSAGE: undefined,
      MAILBOX: undefined,
      'X-ANNOTATION-STORAGE': undefined,
    }
    quotaResources.forEach((resource, index) => {
      usage[resource] = bytes.readDoubleLE(index * 16)
      const value = bytes.readDoubleLE(index * 16 + 8)
      limit[resource] = value < 0 ? undefined : value
    })
    return { usage, limit }
  },
}

/** Two strings, the first without NUL. */
const pair = <A extends string, B extends string>(): Codec<readonly [A, B]> => ({
  encode: ([a, b]) => Buffer.from(`${a}\0${b}`),
  decode(bytes) {
    const at = bytes.indexOf(0)
    return [bytes.subarray(0, at).toString() as A, bytes.subarray(at + 1).toString() as B]
  },
})

/** A step on disk that a committed change still owes, and who (pid and start time) has taken it on. */
export interface Debt {
  readonly owner: string
  readonly task: Task
}
export type Task =
  /** Write cyrus.header of the mailbox as of that version. */
  | { readonly kind: 'header'; readonly mailbox: MailboxId; readonly version: number }
  /** Give the files of these messages the names that their state demands: `7.` when live, `7.expunged` when not. */
  | { readonly kind: 'expunged'; readonly mailbox: MailboxId; readonly uids: readonly UidRange[] }
  /** Remove the files of expunged messages whose records are gone. */
  | { readonly kind: 'unlink'; readonly mailbox: MailboxId; readonly uids: readonly UidRange[] }
  /** Link files of a stage group to their UIDs' names, then remove the group. */
  | {
      readonly kind: 'place'
      readonly group: number
      readonly partition: string
      readonly places: readonly Place[]
    }
  /** Move the files to `moving`. */
  | { readonly kind: 'move'; readonly mailbox: MailboxId }
  /** Remove rows and files of a mailbox that was deleted for good. */
  | {
      readonly kind: 'purge'
      readonly mailbox: MailboxId
      readonly partition: string
      readonly directory: string
      readonly uniqueId: string
    }

/** Files `from`, `from` + 1, … of a stage group belong to these UIDs, in order. */
export interface Place {
  readonly mailbox: MailboxId
  readonly from: number
  readonly uids: readonly UidRange[]
}

export type ClusterKey<Sub> = { readonly mailbox: MailboxId; readonly sub: Sub }

export const tables = {
  /** Server facts: `format`, `server`, `generation`, counters. */
  meta: { name: 'meta', version: 1, key: text, value: json<unknown>() },
  names: { name: 'names', version: 1, key: nameKey, value: u32 as Codec<MailboxId> },
  mailboxes: { name: 'mailboxes', version: 1, key: u32 as Codec<MailboxId>, value: json<MailboxEntry>() },
  quotas: { name: 'quotas', version: 1, key: nameKey, value: quotaForm },
  subscriptions: { name: 'subscriptions', version: 1, key: pair<string, InternalName>(), value: empty },
  /** Mailbox 0: of the server. Key: mailbox, then entry and user ('' for everybody's). */
  annotations: { name: 'annotations', version: 1, key: clustered(0, pair<string, string>()), value: raw },
  /** Duplicate suppression by Message-ID and recipient: when, UTC seconds. */
  delivered: { name: 'delivered', version: 1, key: pair<string, string>(), value: u32 },
  debts: { name: 'debts', version: 1, key: modSeqKey as unknown as Codec<number>, value: json<Debt>() },

  counts: { name: 'mail', version: 1, key: clustered(1, nothing), value: countsForm },
  /** Live UIDs, up to `rangesPerRow` ranges in a row, keyed by the first UID that the row may hold. */
  uids: { name: 'mail', version: 1, key: clustered(2, u32), value: uidRanges },
  /** Packed records, up to `recordsPerChunk`, keyed by the first UID that the chunk may hold. */
  chunks: { name: 'mail', version: 1, key: clustered(3, u32), value: raw },
  seen: { name: 'mail', version: 1, key: clustered(4, text), value: seenForm },
  /** The modseq of a user's last change of \Seen of a message. */
  seenModSeqs: { name: 'mail', version: 1, key: clustered(5, userAndUid), value: modSeqKey },
  expunged: { name: 'mail', version: 1, key: clustered(6, u32), value: expungedForm },
  /** What vanished with which modseq. */
  vanished: { name: 'mail', version: 1, key: clustered(7, modSeqKey), value: uidRanges },
  /** Retried deliveries: digest of return path, recipient and bytes; when, UTC seconds. */
  retries: { name: 'mail', version: 1, key: clustered(8, raw), value: u32 },
} as const satisfies Record<string, TableDeclaration<never, never> | unknown>

export const rangesPerRow = 128
/** 16 + 31 × 128 octets fill one LMDB overflow page (4,096 less its head of 16). */
export const recordsPerChunk = 31
export const chunkHead = 16
