/** Append: one message into one mailbox or several, each standing or falling alone. */
import { StoreError } from '../errors.js'
import { field, mark, recordSize } from '../message-record.js'
import { groupOf, type SafePlace } from '../spool/safe-place.js'
import { type Actor, flag, type MailboxId, type Staged, systemFlags, type Uid } from '../types.js'
import type { Append, AppendOutcome, AppendTarget, OutcomeOf } from './change.js'
import type { OpenMailbox } from './open-mailbox.js'
import { changeSeen, keepsOwnSeen } from './seen.js'
import type { Transaction } from './transaction.js'

/** Retried deliveries are recognized for this long, seconds. */
export const retryMemory = 24 * 3600

export function append(
  tx: Transaction,
  change: Append,
  places: { readonly bytes: SafePlace; readonly number: number },
): OutcomeOf<Append> {
  const stored: { mailbox: MailboxId; uid: Uid }[] = []
  const targets = change.targets.map((target): AppendOutcome => {
    try {
      const outcome = appendOne(tx, change, { target, place: places.bytes })
      if (outcome.kind === 'stored') stored.push({ mailbox: outcome.mailbox, uid: outcome.uid })
      return outcome
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      return { kind: 'refused', mailbox: target.mailbox, error: error.kind, message: error.message }
    }
  })
  if (stored.length > 0) {
    if (change.staged.kind === 'memory') tx.effects.push({ kind: 'unpack', change: places.number, copies: stored })
    else
      tx.owe({
        kind: 'place',
        group: groupOf(places.bytes),
        partition: change.staged.partition,
        places: stored.map(({ mailbox, uid }) => ({
          mailbox,
          from: places.bytes.frame,
          uids: [{ first: uid, last: uid }],
        })),
      })
  }
  return { targets }
}

function appendOne(
  tx: Transaction,
  { as, staged }: Append,
  { target, place }: { target: AppendTarget; place: SafePlace },
): AppendOutcome {
  const mailbox = tx.mailbox(target.mailbox)
  const { entry } = mailbox
  if (target.right) tx.demand(mailbox, as, target.right)
  if (isDuplicate(tx, target)) return { kind: 'duplicate', mailbox: target.mailbox }
  mailbox.demandAtRest()
  const size = staged.digests.viewSize
  if (target.quota) tx.demandQuota(entry.quotaRoot, { STORAGE: size, MESSAGE: 1 })
  const { bits, keywords } = permittedFlags(tx, mailbox, { as, names: target.flags, asked: target.right === 'i' })
  const seenInRow = (bits & flag.seen) !== 0 && keepsOwnSeen(entry, as)
  mailbox.demandKeywords(keywords)
  if (mailbox.counts.uidNext >= 0xffffffff)
    throw new StoreError('unavailable', `Mailbox ${entry.name} has used all its UIDs: move its messages to a new one`)

  const modSeq = mailbox.nextModSeq()
  mailbox.learnKeywords(keywords)
  const record = newRecord(staged, {
    flags: seenInRow ? bits & ~flag.seen : bits,
    keywords: keywords.map((name) => mailbox.keywordNumber(name) ?? 0),
    internalDate: target.internalDate ?? tx.now,
    now: tx.now,
    place,
  })
  const uid = mailbox.append(record, modSeq)
  mailbox.counts.lastAppend = tx.now
  if (seenInRow && as.kind === 'user')
    changeSeen(tx, mailbox, { user: as.user, add: [{ first: uid, last: uid }], modSeq })
  tx.addUsage(entry.quotaRoot, { STORAGE: size, MESSAGE: 1 })
  remember(tx, target)
  return { kind: 'stored', mailbox: target.mailbox, uidValidity: entry.uidValidity, uid, modSeq }
}

function isDuplicate(tx: Transaction, { deliveryKey, messageIdKey }: AppendTarget): boolean {
  if (deliveryKey) {
    const at = tx.tables.retries.get({ mailbox: deliveryKey.anchor, sub: deliveryKey.digest })
    if (at !== undefined && at + retryMemory > tx.now) return true
  }
  return (
    messageIdKey !== undefined &&
    tx.config.duplicateSuppression &&
    tx.tables.delivered.has([messageIdKey.messageId, messageIdKey.recipient])
  )
}

function remember(tx: Transaction, { deliveryKey, messageIdKey }: AppendTarget): void {
  if (deliveryKey) tx.tables.retries.put({ mailbox: deliveryKey.anchor, sub: deliveryKey.digest }, tx.now)
  if (messageIdKey && tx.config.duplicateSuppression)
    tx.tables.delivered.put([messageIdKey.messageId, messageIdKey.recipient], tx.now)
}

/** The flags that the actor may set: \Seen needs s, \Deleted t, all others w. Others are left out. RFC 4314 §4 */
export function permittedFlags(
  tx: Transaction,
  mailbox: OpenMailbox,
  { as, names, asked }: { as: Actor; names: readonly string[]; asked: boolean },
): { bits: number; keywords: string[] } {
  const rights = asked ? tx.rights(mailbox.entry, as) : 'stw'
  let bits = 0
  const keywords: string[] = []
  for (const name of names) {
    const bit = systemFlagBit(name)
    const right = bit === flag.seen ? 's' : bit === flag.deleted ? 't' : 'w'
    if (!rights.includes(right)) continue
    if (bit !== undefined) bits |= bit
    else if (!name.startsWith('\\')) keywords.push(name)
  }
  return { bits, keywords }
}

const lowerFlags = new Map([...systemFlags].map(([name, bit]) => [name.toLowerCase(), bit]))

/** The bit of a system flag in any case, undefined for keywords. */
export function systemFlagBit(name: string): number | undefined {
  return systemFlags.get(name) ?? lowerFlags.get(name.toLowerCase())
}

/** A record with everything but UID and modseq. */
export function newRecord(
  staged: Staged,
  facts: { flags: number; keywords: number[]; internalDate: number; now: number; place: SafePlace },
): Buffer {
  const record = Buffer.alloc(recordSize)
  const { digests } = staged
  record.writeUInt32LE(facts.flags, field.flags)
  record.writeDoubleLE(facts.internalDate, field.internalDate)
  record.writeUInt32LE(facts.now, field.saveDate)
  record.writeUInt32LE(digests.clean ? 0 : mark.repairedView, field.marks)
  record.writeUInt32LE(staged.kind === 'memory' ? staged.bytes.length : staged.size, field.fileSize)
  record.writeUInt32LE(digests.viewSize, field.size)
  setKeywords(record, 0, facts.keywords)
  digests.sha1.copy(record, field.sha1)
  digests.sha256.copy(record, field.sha256)
  record.writeUInt32LE(facts.place.segment, field.segment)
  record.writeUInt32LE(facts.place.frame, field.frame)
  return record
}

export function setKeywords(chunk: Buffer, at: number, numbers: readonly number[]): void {
  chunk.fill(0, at + field.keywords, at + field.keywords + 16)
  for (const number of numbers) {
    const octet = at + field.keywords + (number >> 3)
    chunk[octet] = (chunk[octet] ?? 0) | (1 << (number & 7))
  }
}
