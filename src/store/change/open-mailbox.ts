/** One mailbox inside a transaction: its rows, the packed records, and the counts that must agree with them. */
import { crc32 } from 'node:zlib'
import { StoreError } from '../errors.js'
import { field, recordSize, writeModSeq } from '../message-record.js'
import type { Tables } from '../open-tables.js'
import { type Chunk, chunkFor, chunksBetween, indexOfUid, recordAt, recordsIn, uidAt } from '../read/chunks.js'
import { chunkHead, clusterPrefix, rangesPerRow, recordsPerChunk } from '../tables.js'
import {
  flag,
  type MailboxCounts,
  type MailboxEntry,
  type ModSeq,
  maxKeywords,
  type Uid,
  type UidRange,
} from '../types.js'
import { difference, RangeCollector } from '../uid-ranges.js'

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

/** A chunk that is being appended to: room for `recordsPerChunk` records, `count` of them there. */
interface Tail {
  readonly from: number
  readonly bytes: Buffer
  count: number
  dirty: boolean
}

interface TailRange {
  readonly from: number
  readonly ranges: { first: Uid; last: Uid }[]
  dirty: boolean
}

export class OpenMailbox {
  readonly counts: Mutable<MailboxCounts>
  readonly #tables: Tables
  #entry: MailboxEntry
  #entryDirty = false
  #countsDirty = false
  #modSeqGiven: ModSeq | undefined
  #tail: Tail | undefined
  #tailRange: TailRange | undefined

  constructor(tables: Tables, entry: MailboxEntry, counts: MailboxCounts) {
    this.#tables = tables
    this.#entry = entry
    this.counts = { ...counts }
  }

  get entry(): MailboxEntry {
    return this.#entry
  }

  /** Changes what is said of the mailbox; its version rises. */
  amend(change: Partial<MailboxEntry>): void {
    this.#entry = { ...this.#entry, ...change, version: this.#entry.version + 1 }
    this.#entryDirty = true
  }

  /** A modseq above all others of the mailbox. Each change takes one. */
  nextModSeq(): ModSeq {
    this.counts.highestModSeq = (this.counts.highestModSeq + 1) as ModSeq
    this.#countsDirty = true
    this.#modSeqGiven = this.counts.highestModSeq
    return this.counts.highestModSeq
  }

  /** Call after changing `counts` from outside. */
  countsChanged(): void {
    this.#countsDirty = true
  }

  /** @throws StoreError unavailable: its files are being moved to another directory, try again in a moment. */
  demandAtRest(): void {
    if (this.#entry.moving)
      throw new StoreError('unavailable', `Mailbox ${this.#entry.name} is being moved, try again in a moment`)
  }

  /** Whether these keywords are known or there is room for them. @throws StoreError tooManyKeywords */
  demandKeywords(names: readonly string[]): void {
    const added = names.filter((name) => this.keywordNumber(name) === undefined)
    if (this.#entry.keywords.length + added.length > maxKeywords)
      throw new StoreError('tooManyKeywords', `Mailbox ${this.#entry.name} knows ${maxKeywords} keywords already`)
  }

  /** Keywords are compared without case. RFC 9051 §2.3.2 */
  keywordNumber(name: string): number | undefined {
    const lower = name.toLowerCase()
    const index = this.#entry.keywords.findIndex((keyword) => keyword.toLowerCase() === lower)
    return index < 0 ? undefined : index
  }

  /** The keywords' numbers, those that are new added to the mailbox. Returns whether any were. */
  learnKeywords(names: readonly string[]): boolean {
    const added = names.filter((name) => this.keywordNumber(name) === undefined)
    if (added.length > 0) this.amend({ keywords: [...this.#entry.keywords, ...new Set(added)] })
    return added.length > 0
  }

  /**
   * Adds a record with the next UID. `record` is `recordSize` octets with everything but UID and modseq.
   * Returns the UID.
   */
  append(record: Buffer, modSeq: ModSeq): Uid {
    const uid = this.counts.uidNext
    record.writeUInt32LE(uid, field.uid)
    writeModSeq(record, field.modSeq, modSeq)
    this.#appendRecord(record, uid)
    this.#appendUid(uid)
    this.counts.uidNext = (uid + 1) as Uid
    this.#count(record, 0, 1)
    return uid
  }

  /** Records of these UIDs as they are now, rising, in Buffers of their own chunk. Sees what this transaction appended. */
  *records(ranges: readonly UidRange[]): Generator<{ readonly chunk: Buffer; readonly at: number }> {
    this.#flushTail()
    for (const range of ranges)
      for (const chunk of chunksBetween(this.#tables.chunks, this.entry.id, range)) yield* within(chunk.bytes, range)
  }

  /**
   * Calls `change` for each record of these UIDs; where it returns true the record has changed, and gets the modseq.
   * Returns the UIDs changed.
   */
  update(
    ranges: readonly UidRange[],
    modSeq: ModSeq,
    change: (record: { readonly chunk: Buffer; readonly at: number }) => boolean,
  ): readonly UidRange[] {
    this.#flushTail()
    const changed = new RangeCollector()
    for (const range of ranges) {
      for (const chunk of [...chunksBetween(this.#tables.chunks, this.entry.id, range)]) {
        let dirty = false
        for (const record of within(chunk.bytes, range)) {
          const before = record.chunk.readUInt32LE(record.at + field.flags)
          if (!change(record)) continue
          writeModSeq(record.chunk, record.at + field.modSeq, modSeq)
          this.#countFlags(before, -1)
          this.#countFlags(record.chunk.readUInt32LE(record.at + field.flags), 1)
          this.#noteUnseen(record.chunk, record.at)
          changed.add(record.chunk.readUInt32LE(record.at + field.uid) as Uid)
          dirty = true
        }
        if (dirty) this.#putChunk(chunk)
      }
    }
    return changed.ranges
  }

  /** Takes the records of these UIDs out of the mailbox and gives each to `removed`. Returns the UIDs that were there. */
  remove(ranges: readonly UidRange[], removed: (uid: Uid, record: Buffer) => void): readonly UidRange[] {
    this.#flushTail()
    const gone = new RangeCollector()
    for (const range of ranges) {
      for (const chunk of [...chunksBetween(this.#tables.chunks, this.entry.id, range)]) {
        const first = indexOfUid(chunk.bytes, range.first)
        let next = first
        for (const { at } of within(chunk.bytes, range)) {
          const record = Buffer.from(chunk.bytes.subarray(at, at + recordSize))
          const uid = record.readUInt32LE(field.uid) as Uid
          this.#count(record, 0, -1)
          if (uid === this.counts.firstUnseen) this.#unseenFrom(uid)
          gone.add(uid)
          removed(uid, record)
          next++
        }
        if (next === first) continue
        this.#tail = undefined
        const rest = Buffer.concat([chunk.bytes.subarray(0, recordAt(first)), chunk.bytes.subarray(recordAt(next))])
        if (recordsIn(rest) > 0) this.#putChunk({ from: chunk.from, bytes: rest })
        else this.#tables.chunks.remove({ mailbox: this.entry.id, sub: chunk.from })
      }
    }
    if (!gone.empty) this.#removeUids(gone.ranges)
    return gone.ranges
  }

  /** Writes what was held back. Returns the modseq given out in this transaction, if any. */
  flush(): ModSeq | undefined {
    this.#flushTail()
    if (this.#unseenStale) this.#findFirstUnseen()
    if (this.#entryDirty) this.#tables.mailboxes.put(this.entry.id, this.#entry)
    if (this.#countsDirty) this.#tables.counts.put({ mailbox: this.entry.id, sub: undefined }, this.counts)
    this.#entryDirty = false
    this.#countsDirty = false
    const given = this.#modSeqGiven
    this.#modSeqGiven = undefined
    return given
  }

  #count(record: Buffer, at: number, sign: 1 | -1): void {
    this.counts.exists += sign
    this.counts.octets += sign * record.readUInt32LE(at + field.size)
    this.#countFlags(record.readUInt32LE(at + field.flags), sign)
    if (sign > 0) this.#noteUnseen(record, at)
    this.#countsDirty = true
  }

  #countFlags(flags: number, sign: 1 | -1): void {
    if (!(flags & flag.seen)) this.counts.unseen += sign
    if (flags & flag.answered) this.counts.answered += sign
    if (flags & flag.flagged) this.counts.flagged += sign
    if (flags & flag.deleted) this.counts.deleted += sign
    this.#countsDirty = true
  }

  #unseenStale = false

  #noteUnseen(bytes: Buffer, at: number): void {
    const uid = bytes.readUInt32LE(at + field.uid)
    const unseen = !(bytes.readUInt32LE(at + field.flags) & flag.seen)
    const { firstUnseen } = this.counts
    if (unseen && (firstUnseen === 0 || uid < firstUnseen)) this.counts.firstUnseen = uid
    else if (!unseen && uid === firstUnseen) this.#unseenFrom(uid)
  }

  /** The first unseen message was this one and is no longer: the search goes on from here when the change is complete. */
  #unseenFrom(uid: number): void {
    this.counts.firstUnseen = uid
    this.#unseenStale = true
  }

  #findFirstUnseen(): void {
    this.#unseenStale = false
    this.#countsDirty = true
    const from = this.counts.firstUnseen as Uid
    this.counts.firstUnseen = 0
    if (this.counts.unseen === 0) return
    for (const { chunk, at } of this.records([{ first: from, last: 0xffffffff as Uid }]))
      if (!(chunk.readUInt32LE(at + field.flags) & flag.seen)) {
        this.counts.firstUnseen = chunk.readUInt32LE(at + field.uid)
        return
      }
  }

  #appendRecord(record: Buffer, uid: Uid): void {
    const tail = this.#openTail()
    if (tail && tail.count < recordsPerChunk) {
      record.copy(tail.bytes, recordAt(tail.count))
      tail.count++
      tail.dirty = true
      return
    }
    this.#flushTail()
    const bytes = Buffer.alloc(recordAt(recordsPerChunk))
    record.copy(bytes, chunkHead)
    this.#tail = { from: uid, bytes, count: 1, dirty: true }
  }

  #openTail(): Tail | undefined {
    if (this.#tail) return this.#tail
    const last = chunkFor(this.#tables.chunks, this.entry.id, 0xffffffff)
    if (!last) return undefined
    const bytes = Buffer.alloc(recordAt(recordsPerChunk))
    last.bytes.copy(bytes)
    this.#tail = { from: last.from, bytes, count: recordsIn(last.bytes), dirty: false }
    return this.#tail
  }

  #flushTail(): void {
    if (this.#tail?.dirty) {
      this.#putChunk({ from: this.#tail.from, bytes: this.#tail.bytes.subarray(0, recordAt(this.#tail.count)) })
    }
    this.#tail = undefined
    if (this.#tailRange?.dirty)
      this.#tables.uids.put({ mailbox: this.entry.id, sub: this.#tailRange.from }, this.#tailRange.ranges)
    this.#tailRange = undefined
  }

  #putChunk(chunk: Chunk): void {
    chunk.bytes.writeUInt32LE(recordsIn(chunk.bytes), 4)
    chunk.bytes.writeUInt32LE(crc32(chunk.bytes.subarray(4)), 0)
    this.#tables.chunks.put({ mailbox: this.entry.id, sub: chunk.from }, chunk.bytes)
  }

  #appendUid(uid: Uid): void {
    if (!this.#tailRange) {
      const row = this.#tables.uids.first({
        start: { mailbox: this.entry.id, sub: 0xffffffff },
        sharing: clusterPrefix,
        reverse: true,
      })
      if (row) this.#tailRange = { from: row.key.sub, ranges: row.value.map((range) => ({ ...range })), dirty: false }
    }
    const tail = this.#tailRange
    const last = tail?.ranges[tail.ranges.length - 1]
    if (tail && last && last.last + 1 === uid) last.last = uid
    else if (tail && tail.ranges.length < rangesPerRow) tail.ranges.push({ first: uid, last: uid })
    else {
      if (tail?.dirty) this.#tables.uids.put({ mailbox: this.entry.id, sub: tail.from }, tail.ranges)
      this.#tailRange = { from: uid, ranges: [{ first: uid, last: uid }], dirty: true }
      return
    }
    tail.dirty = true
  }

  #removeUids(gone: readonly UidRange[]): void {
    const { uids } = this.#tables
    const mailbox = this.entry.id
    const first = gone[0]?.first ?? 1
    const last = gone[gone.length - 1]?.last ?? 0
    const before = uids.first({ start: { mailbox, sub: first }, sharing: clusterPrefix, reverse: true })
    const rows = [...uids.range({ start: before?.key ?? { mailbox, sub: first }, sharing: clusterPrefix })]
    for (const { key, value } of rows) {
      if (key.sub > last) break
      const rest = difference(value, gone)
      uids.remove(key)
      for (let at = 0; at < rest.length; at += rangesPerRow) {
        const part = rest.slice(at, at + rangesPerRow)
        uids.put({ mailbox, sub: at === 0 ? key.sub : (part[0]?.first ?? key.sub) }, part)
      }
    }
  }
}

export function* within(
  chunk: Buffer,
  { first, last }: UidRange,
): Generator<{ readonly chunk: Buffer; readonly at: number }> {
  const count = recordsIn(chunk)
  for (let index = indexOfUid(chunk, first); index < count && uidAt(chunk, index) <= last; index++)
    yield { chunk, at: recordAt(index) }
}
