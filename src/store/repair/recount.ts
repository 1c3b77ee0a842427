/** A mailbox counted anew from its records: what its counts, UID ranges and modseqs must be. Reads, never writes. */
import { crc32 } from 'node:zlib'
import { MessageRecord, recordSize } from '../message-record.js'
import type { Tables } from '../open-tables.js'
import { recordAt, recordsIn } from '../read/chunks.js'
import { chunkHead, clusterPrefix, recordsPerChunk } from '../tables.js'
import { flag, type MailboxCounts, type MailboxId, type ModSeq, type Uid, type UidRange } from '../types.js'
import { countUids, difference, intersection, RangeCollector, unionOf } from '../uid-ranges.js'

/** The counts that follow from the records alone. */
export type Recounted = Pick<
  MailboxCounts,
  'exists' | 'octets' | 'unseen' | 'answered' | 'flagged' | 'deleted' | 'firstUnseen'
>

export interface Recount {
  /** What the counts row should say. */
  readonly counts: Recounted
  /** UIDs of the records. */
  readonly uids: readonly UidRange[]
  /** No UID and no modseq may be above these. */
  readonly lastUid: number
  readonly lastModSeq: number
  /** Sum of the values of the mailbox's annotations, octets. */
  readonly annotationOctets: number
  /** Where the index disagrees with itself, one line each; of these the ones that recounting mends. */
  readonly findings: readonly string[]
  readonly countFindings: readonly string[]
}

/** In one snapshot, or inside a transaction. */
export function recount(tables: Tables, mailbox: MailboxId): Recount {
  const findings: string[] = []
  const tally = { exists: 0, octets: 0, unseen: 0, answered: 0, flagged: 0, deleted: 0, firstUnseen: 0 }
  const uids = new RangeCollector()
  let lastUid = 0
  let lastModSeq = 0
  for (const { record, from } of recordsOf(tables, mailbox, findings)) {
    const { uid, flags, modSeq } = record
    if (uid <= lastUid || uid < from) findings.push(`record of UID ${uid} stands after UID ${lastUid}`)
    else uids.add(uid)
    lastUid = Math.max(lastUid, uid)
    lastModSeq = Math.max(lastModSeq, modSeq)
    tally.exists++
    tally.octets += record.size
    if (!(flags & flag.seen)) tally.unseen++
    if (!(flags & flag.seen) && tally.firstUnseen === 0) tally.firstUnseen = uid
    if (flags & flag.answered) tally.answered++
    if (flags & flag.flagged) tally.flagged++
    if (flags & flag.deleted) tally.deleted++
  }
  const gone = checkGone(tables, mailbox, { live: uids.ranges, findings })
  const rest = checkRows(tables, mailbox, { live: uids.ranges, findings })
  let annotationOctets = 0
  for (const { value } of tables.annotations.range({ start: { mailbox, sub: ['', ''] }, sharing: clusterPrefix }))
    annotationOctets += value.length
  const recounted = {
    counts: tally,
    uids: uids.ranges,
    lastUid: Math.max(lastUid, gone.lastUid),
    lastModSeq: Math.max(lastModSeq, gone.lastModSeq, rest.lastModSeq),
    annotationOctets,
  }
  const countFindings = compareCounts(tables.counts.get({ mailbox, sub: undefined }), recounted)
  return { ...recounted, findings: [...findings, ...countFindings], countFindings }
}

/** Every record, each chunk's form and checksum looked at on the way. */
function* recordsOf(
  tables: Tables,
  mailbox: MailboxId,
  findings: string[],
): Generator<{ record: MessageRecord; from: number }> {
  for (const { key, value } of tables.chunks.range({ start: { mailbox, sub: 0 }, sharing: clusterPrefix })) {
    const count = recordsIn(value)
    if (value.length < chunkHead + recordSize || !Number.isInteger(count) || count > recordsPerChunk) {
      findings.push(`records from UID ${key.sub}: ${value.length} octets are no chunk`)
      continue
    }
    if (value.readUInt32LE(0) !== crc32(value.subarray(4)) || value.readUInt32LE(4) !== count)
      findings.push(`records from UID ${key.sub}: wrong checksum`)
    for (let index = 0; index < count; index++)
      yield { record: new MessageRecord(value, recordAt(index)), from: key.sub }
  }
}

/** Expunged messages and tombstones: none of them may be live. */
function checkGone(
  tables: Tables,
  mailbox: MailboxId,
  { live, findings }: { live: readonly UidRange[]; findings: string[] },
): { lastUid: number; lastModSeq: number } {
  const gone: UidRange[] = []
  const expunged: UidRange[] = []
  let lastModSeq = 0
  for (const { key, value } of tables.vanished.range({
    start: { mailbox, sub: 0 as ModSeq },
    sharing: clusterPrefix,
  })) {
    gone.push(...value)
    lastModSeq = Math.max(lastModSeq, key.sub)
  }
  for (const { key, value } of tables.expunged.range({ start: { mailbox, sub: 0 }, sharing: clusterPrefix })) {
    expunged.push({ first: key.sub as Uid, last: key.sub as Uid })
    lastModSeq = Math.max(lastModSeq, value.modSeq)
  }
  const risen = intersection(live, unionOf([...gone, ...expunged]))
  if (risen.length > 0) findings.push(`UIDs ${listUids(risen)} are live and expunged`)
  const lastUid = Math.max(0, ...gone.map(({ last }) => last), ...expunged.map(({ last }) => last))
  return { lastUid, lastModSeq }
}

/** UID ranges and seen states: both must speak of live messages only, and the ranges of all of them. */
function checkRows(
  tables: Tables,
  mailbox: MailboxId,
  { live, findings }: { live: readonly UidRange[]; findings: string[] },
): { lastModSeq: number } {
  const listed: UidRange[] = []
  for (const { value } of tables.uids.range({ start: { mailbox, sub: 0 }, sharing: clusterPrefix }))
    listed.push(...value)
  const sorted = unionOf(listed)
  if (countUids(listed) !== countUids(sorted)) findings.push('the list of UIDs names some twice')
  const missing = difference(live, sorted)
  const extra = difference(sorted, live)
  if (missing.length > 0) findings.push(`UIDs ${listUids(missing)} have a record and are not listed`)
  if (extra.length > 0) findings.push(`UIDs ${listUids(extra)} are listed and have no record`)
  let lastModSeq = 0
  for (const { key, value } of tables.seen.range({ start: { mailbox, sub: '' }, sharing: clusterPrefix })) {
    lastModSeq = Math.max(lastModSeq, value.modSeq)
    const strangers = difference(value.seen, live)
    if (strangers.length > 0) findings.push(`${key.sub} has seen UIDs ${listUids(strangers)}, which are not there`)
  }
  return { lastModSeq }
}

function compareCounts(
  counts: MailboxCounts | undefined,
  { counts: should, lastUid, lastModSeq }: Omit<Recount, 'findings' | 'countFindings'>,
): string[] {
  if (!counts) return ['there are no counts']
  const findings: string[] = []
  for (const [name, value] of Object.entries(should)) {
    const is = counts[name as keyof Recounted]
    if (is !== value) findings.push(`${name} is ${is}, should be ${value}`)
  }
  if (counts.uidNext <= lastUid) findings.push(`UIDNEXT is ${counts.uidNext}, but UID ${lastUid} was given out`)
  if (counts.highestModSeq < lastModSeq)
    findings.push(`HIGHESTMODSEQ is ${counts.highestModSeq}, but ${lastModSeq} was given out`)
  return findings
}

/** `1:3,7`, the first few. */
export function listUids(ranges: readonly UidRange[]): string {
  const shown = ranges.slice(0, 5).map(({ first, last }) => (first === last ? `${first}` : `${first}:${last}`))
  return shown.join(',') + (ranges.length > 5 ? ',…' : '')
}
