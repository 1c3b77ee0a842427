/** Reading packed records: which chunk holds a UID, and the records of UID ranges in order. */
import type { Table } from '../../db/table.js'
import { field, MessageRecord, recordSize } from '../message-record.js'
import { type ClusterKey, chunkHead, clusterPrefix } from '../tables.js'
import type { MailboxId, Uid, UidRange } from '../types.js'

export type ChunkTable = Table<ClusterKey<number>, Buffer>

export interface Chunk {
  /** The first UID it may hold: its key. */
  readonly from: number
  readonly bytes: Buffer
}

export const recordsIn = (chunk: Buffer): number => (chunk.length - chunkHead) / recordSize
export const recordAt = (index: number): number => chunkHead + index * recordSize
export const uidAt = (chunk: Buffer, index: number): number => chunk.readUInt32LE(recordAt(index) + field.uid)

/** The index of the first record whose UID is at least `uid`; `recordsIn(chunk)` if none. */
export function indexOfUid(chunk: Buffer, uid: number): number {
  let low = 0
  let high = recordsIn(chunk)
  while (low < high) {
    const middle = (low + high) >> 1
    if (uidAt(chunk, middle) < uid) low = middle + 1
    else high = middle
  }
  return low
}

/** The chunk that holds the UID if any does. */
export function chunkFor(table: ChunkTable, mailbox: MailboxId, uid: number): Chunk | undefined {
  const row = table.first({ start: { mailbox, sub: uid }, sharing: clusterPrefix, reverse: true })
  return row && { from: row.key.sub, bytes: row.value }
}

/** Chunks that may hold UIDs from `first` to `last`, rising. */
export function* chunksBetween(
  table: ChunkTable,
  mailbox: MailboxId,
  { first, last }: UidRange,
): Generator<Chunk, void, undefined> {
  const start = chunkFor(table, mailbox, first)?.from ?? first
  for (const { key, value } of table.range({ start: { mailbox, sub: start }, sharing: clusterPrefix })) {
    if (key.sub > last) return
    yield { from: key.sub, bytes: value }
  }
}

export function findRecord(table: ChunkTable, mailbox: MailboxId, uid: Uid): MessageRecord | undefined {
  const chunk = chunkFor(table, mailbox, uid)
  if (!chunk) return undefined
  const index = indexOfUid(chunk.bytes, uid)
  if (index >= recordsIn(chunk.bytes) || uidAt(chunk.bytes, index) !== uid) return undefined
  return new MessageRecord(chunk.bytes, recordAt(index))
}

/** Records with those UIDs, rising. */
export function* recordsWithin(
  table: ChunkTable,
  mailbox: MailboxId,
  ranges: readonly UidRange[],
): Generator<MessageRecord, void, undefined> {
  let chunk: Chunk | undefined
  for (const range of ranges) {
    // Many ranges may lie in one chunk: it is read once.
    if (chunk && lastUid(chunk.bytes) >= range.last) {
      yield* slice(chunk.bytes, range)
      continue
    }
    for (chunk of chunksBetween(table, mailbox, range)) yield* slice(chunk.bytes, range)
  }
}

function lastUid(chunk: Buffer): number {
  return uidAt(chunk, recordsIn(chunk) - 1)
}

function* slice(chunk: Buffer, { first, last }: UidRange): Generator<MessageRecord, void, undefined> {
  const count = recordsIn(chunk)
  for (let index = indexOfUid(chunk, first); index < count && uidAt(chunk, index) <= last; index++)
    yield new MessageRecord(chunk, recordAt(index))
}
