/** COPY and MOVE: records get new UIDs in another mailbox; their files were linked into a stage group before. */
import { StoreError } from '../errors.js'
import { field, MessageRecord, recordSize, writeModSeq } from '../message-record.js'
import { stageGroup } from '../spool/safe-place.js'
import type { Place } from '../tables.js'
import { flag, type Uid, type UidRange } from '../types.js'
import { RangeCollector } from '../uid-ranges.js'
import { setKeywords } from './append.js'
import type { Copy, CopyOutcome } from './change.js'
import { takeOut } from './expunge.js'
import type { OpenMailbox } from './open-mailbox.js'
import { changeSeen, keepsOwnSeen } from './seen.js'
import type { Transaction } from './transaction.js'

/** The files of the messages to be copied, linked on the destination's partition and synced. */
export interface StagedCopies {
  readonly group: number
  readonly partition: string
  /** Which file of the group holds which source message. */
  readonly files: ReadonlyMap<Uid, number>
}

interface Chosen {
  readonly uid: Uid
  readonly file: number
  readonly record: Buffer
  readonly keywords: readonly string[]
  readonly seen: boolean
}

/** @throws StoreError noSuchMailbox, notPermitted, overQuota, tooManyKeywords, unavailable: all or nothing. */
export function copy(tx: Transaction, change: Copy, staged: StagedCopies): CopyOutcome {
  const from = tx.mailbox(change.from)
  const to = tx.mailbox(change.to)
  tx.demand(from, change.as, 'r')
  if (change.move) tx.demand(from, change.as, 'te')
  tx.demand(to, change.as, 'i')
  to.demandAtRest()
  const chosen = choose(tx, from, { change, staged })
  if (chosen.length === 0) return { uidValidity: to.entry.uidValidity, from: [], to: [] }
  const rights = tx.rights(to.entry, change.as)
  const keywords = rights.includes('w') ? [...new Set(chosen.flatMap((message) => message.keywords))] : []
  to.demandKeywords(keywords)
  if (to.entry.partition !== staged.partition)
    throw new StoreError('unavailable', `Mailbox ${to.entry.name} has just moved to another partition, try again`)
  const octets = chosen.reduce((sum, { record }) => sum + record.readUInt32LE(field.size), 0)
  const sameRoot = change.move && from.entry.quotaRoot === to.entry.quotaRoot
  if (!sameRoot) tx.demandQuota(to.entry.quotaRoot, { STORAGE: octets, MESSAGE: chosen.length })

  const modSeq = to.nextModSeq()
  to.learnKeywords(keywords)
  const [sources, targets, seen] = [new RangeCollector(), new RangeCollector(), new RangeCollector()]
  const places: { mailbox: typeof to.entry.id; from: number; uids: UidRange[] }[] = []
  const ownSeen = keepsOwnSeen(to.entry, change.as)
  for (const message of chosen) {
    const record = copiedRecord(tx, message, {
      to,
      rights,
      ownSeen,
      place: { segment: stageGroup + staged.group, frame: message.file },
    })
    const uid = to.append(record, modSeq)
    sources.add(message.uid)
    targets.add(uid)
    if (ownSeen && message.seen && rights.includes('s')) seen.add(uid)
    addPlace(places, { mailbox: to.entry.id, file: message.file, uid })
  }
  if (change.as.kind === 'user' && !seen.empty) changeSeen(tx, to, { user: change.as.user, modSeq, add: seen.ranges })
  to.counts.lastAppend = tx.now
  tx.addUsage(to.entry.quotaRoot, { STORAGE: octets, MESSAGE: chosen.length })
  tx.owe({ kind: 'place', group: staged.group, partition: staged.partition, places })
  if (change.move) takeOut(tx, from, { uids: sources.ranges, modSeq: from.nextModSeq() })
  return { uidValidity: to.entry.uidValidity, from: sources.ranges, to: targets.ranges }
}

function choose(
  tx: Transaction,
  from: OpenMailbox,
  { change, staged }: { change: Copy; staged: StagedCopies },
): Chosen[] {
  const ownRows = keepsOwnSeen(from.entry, change.as) && change.as.kind === 'user'
  const rows = ownRows
    ? tx.tables.seen.get({ mailbox: change.from, sub: change.as.kind === 'user' ? change.as.user : '' })
    : undefined
  const seenUids = new Set<number>()
  for (const { first, last } of rows?.seen ?? []) for (let uid: number = first; uid <= last; uid++) seenUids.add(uid)
  const chosen: Chosen[] = []
  for (const { chunk, at } of from.records(change.uids)) {
    const uid = chunk.readUInt32LE(at + field.uid) as Uid
    const file = staged.files.get(uid)
    if (file === undefined) continue
    const record = Buffer.from(chunk.subarray(at, at + recordSize))
    const view = new MessageRecord(record, 0)
    const keywords = view.keywords.flatMap((number) => from.entry.keywords[number] ?? [])
    const seen = ownRows ? seenUids.has(uid) : (view.flags & flag.seen) !== 0
    chosen.push({ uid, file, record, keywords, seen })
  }
  return chosen
}

function copiedRecord(
  tx: Transaction,
  message: Chosen,
  {
    to,
    rights,
    ownSeen,
    place,
  }: { to: OpenMailbox; rights: string; ownSeen: boolean; place: { segment: number; frame: number } },
): Buffer {
  const record = Buffer.from(message.record)
  let flags = record.readUInt32LE(field.flags) & ~flag.seen
  if (message.seen && !ownSeen) flags |= flag.seen
  if (!rights.includes('s')) flags &= ~flag.seen
  if (!rights.includes('t')) flags &= ~flag.deleted
  if (!rights.includes('w')) flags &= flag.seen | flag.deleted
  record.writeUInt32LE(flags, field.flags)
  setKeywords(record, 0, rights.includes('w') ? message.keywords.flatMap((name) => to.keywordNumber(name) ?? []) : [])
  record.writeUInt32LE(tx.now, field.saveDate)
  record.writeUInt32LE(place.segment, field.segment)
  record.writeUInt32LE(place.frame, field.frame)
  writeModSeq(record, field.modSeq, 0)
  return record
}

function addPlace(
  places: { mailbox: Place['mailbox']; from: number; uids: UidRange[] }[],
  { mailbox, file, uid }: { mailbox: Place['mailbox']; file: number; uid: Uid },
): void {
  const current = places[places.length - 1]
  const range = current?.uids[0]
  if (current && range && file === current.from + (range.last - range.first + 1) && uid === range.last + 1)
    current.uids[0] = { first: range.first, last: uid }
  else places.push({ mailbox, from: file, uids: [{ first: uid, last: uid }] })
}
