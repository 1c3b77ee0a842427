/** The packed rows of a mailbox written anew from the records that can be read. */
import { crc32 } from 'node:zlib'
import { field, MessageRecord, recordSize } from '../message-record.js'
import type { Tables } from '../open-tables.js'
import { recordAt, recordsIn } from '../read/chunks.js'
import { chunkHead, clusterPrefix, rangesPerRow, recordsPerChunk } from '../tables.js'
import type { MailboxId, Uid } from '../types.js'
import { RangeCollector } from '../uid-ranges.js'

/** Inside a transaction. Records that cannot be are left out: their files are strays then, and adopted. */
export function rewriteRows(tables: Tables, mailbox: MailboxId): void {
  const records = readableRecords(tables, mailbox)
  for (const table of [tables.chunks, tables.uids])
    for (const key of [...table.keys({ start: { mailbox, sub: 0 }, sharing: clusterPrefix })]) table.remove(key)
  const uids = new RangeCollector()
  for (let from = 0; from < records.length; from += recordsPerChunk) {
    const part = records.slice(from, from + recordsPerChunk)
    const chunk = Buffer.alloc(recordAt(part.length))
    for (const [index, record] of part.entries()) record.copy(chunk, recordAt(index))
    chunk.writeUInt32LE(part.length, 4)
    chunk.writeUInt32LE(crc32(chunk.subarray(4)), 0)
    tables.chunks.put({ mailbox, sub: uidOf(part[0]) }, chunk)
    for (const record of part) uids.add(uidOf(record) as Uid)
  }
  const ranges = uids.ranges
  for (let from = 0; from < ranges.length; from += rangesPerRow) {
    const part = ranges.slice(from, from + rangesPerRow)
    tables.uids.put({ mailbox, sub: part[0]?.first ?? 0 }, part)
  }
}

const uidOf = (record: Buffer | undefined): number => record?.readUInt32LE(field.uid) ?? 0

/** One record for each UID, rising; those of a chunk with a wrong checksum only if they look like records. */
function readableRecords(tables: Tables, mailbox: MailboxId): Buffer[] {
  const found = new Map<number, Buffer>()
  for (const { value } of tables.chunks.range({ start: { mailbox, sub: 0 }, sharing: clusterPrefix })) {
    const sound = value.length >= 8 && value.readUInt32LE(0) === crc32(value.subarray(4))
    for (let index = 0; index < Math.floor(recordsIn(value)); index++) {
      const at = recordAt(index)
      const record = Buffer.from(value.subarray(at, at + recordSize))
      if (value.length < chunkHead + recordSize || (!sound && !isPlausible(record))) continue
      if (!found.has(uidOf(record))) found.set(uidOf(record), record)
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, record]) => record)
}

function isPlausible(record: Buffer): boolean {
  const { uid, size, fileSize, internalDate, flags } = new MessageRecord(record, 0)
  return uid > 0 && flags < 32 && size >= fileSize && internalDate >= 0 && internalDate < 2 ** 33
}
