/** STORE: add, remove or replace flags of messages. */
import { StoreError } from '../errors.js'
import { field, readModSeq } from '../message-record.js'
import { flag, type Uid } from '../types.js'
import { RangeCollector, union } from '../uid-ranges.js'
import { setKeywords, systemFlagBit } from './append.js'
import type { SetFlags, SetFlagsOutcome } from './change.js'
import type { OpenMailbox } from './open-mailbox.js'
import { changeSeen, keepsOwnSeen } from './seen.js'
import type { Transaction } from './transaction.js'

const allBits = flag.seen | flag.answered | flag.flagged | flag.deleted | flag.draft

/** The flags named, and which of all flags the change may touch. */
interface Intent {
  readonly bits: number
  readonly keywords: readonly string[]
  /** System flags that may be changed. */
  readonly reach: number
  readonly keywordsToo: boolean
}

/** @throws StoreError noSuchMailbox, notPermitted, tooManyKeywords */
export function setFlags(tx: Transaction, change: SetFlags): SetFlagsOutcome {
  const mailbox = tx.mailbox(change.mailbox)
  const intent = permitted(tx, mailbox, change)
  if (change.how !== 'remove') mailbox.demandKeywords(intent.keywords)

  const uids = [...change.uids]
  const modified = new RangeCollector()
  const fresh = new RangeCollector()
  for (const { chunk, at } of mailbox.records(uids)) {
    const uid = chunk.readUInt32LE(at + field.uid) as Uid
    if (isNewer(tx, mailbox, { change, chunk, at, uid })) modified.add(uid)
    else fresh.add(uid)
  }
  const modSeq = mailbox.nextModSeq()
  if (change.how !== 'remove') mailbox.learnKeywords(intent.keywords)
  const numbers = intent.keywords.flatMap((name) => mailbox.keywordNumber(name) ?? [])
  const ownSeen = keepsOwnSeen(mailbox.entry, change.as)
  const reach = ownSeen ? intent.reach & ~flag.seen : intent.reach
  const changed = mailbox.update(fresh.ranges, modSeq, ({ chunk, at }) => {
    const before = chunk.readUInt32LE(at + field.flags)
    const after = newBits(change.how, { before, named: intent.bits & reach, reach })
    if (after !== before) chunk.writeUInt32LE(after, at + field.flags)
    const keywordsChanged = intent.keywordsToo && changeKeywords(change.how, { chunk, at, numbers })
    return after !== before || keywordsChanged
  })
  const seen = ownSeen && change.as.kind === 'user' ? changeOwnSeen(tx, mailbox, { change, intent, modSeq, fresh }) : []
  return { modSeq, changed: union(changed, seen), modified: modified.ranges }
}

function permitted(tx: Transaction, mailbox: OpenMailbox, change: SetFlags): Intent {
  const rights = tx.rights(mailbox.entry, change.as)
  const may = { seen: rights.includes('s'), deleted: rights.includes('t'), other: rights.includes('w') }
  const keywords: string[] = []
  let bits = 0
  for (const name of change.flags) {
    const bit = systemFlagBit(name)
    if (bit !== undefined) bits |= bit
    else if (!name.startsWith('\\')) keywords.push(name)
  }
  const reach =
    (may.seen ? flag.seen : 0) |
    (may.deleted ? flag.deleted : 0) |
    (may.other ? allBits & ~(flag.seen | flag.deleted) : 0)
  const refused = (bits & ~reach) !== 0 || (keywords.length > 0 && !may.other)
  // RFC 4314 §4: refused only if nothing of what is named may be changed; else what may be changed is.
  if (reach === 0 || (refused && !change.lenient && (bits & reach) === 0 && !(keywords.length > 0 && may.other)))
    if (!change.lenient)
      throw new StoreError(
        'notPermitted',
        `Permission denied: to set these flags in ${mailbox.entry.name} needs rights s, t or w`,
      )
  return { bits, keywords: may.other ? keywords : [], reach, keywordsToo: may.other }
}

function isNewer(
  tx: Transaction,
  mailbox: OpenMailbox,
  { change, chunk, at, uid }: { change: SetFlags; chunk: Buffer; at: number; uid: Uid },
): boolean {
  if (change.unchangedSince === undefined) return false
  if (readModSeq(chunk, at + field.modSeq) > change.unchangedSince) return true
  if (change.as.kind !== 'user' || !keepsOwnSeen(mailbox.entry, change.as)) return false
  const own = tx.tables.seenModSeqs.get({ mailbox: mailbox.entry.id, sub: { user: change.as.user, uid } })
  return own !== undefined && own > change.unchangedSince
}

function newBits(
  how: SetFlags['how'],
  { before, named, reach }: { before: number; named: number; reach: number },
): number {
  if (how === 'add') return before | named
  if (how === 'remove') return before & ~named
  return (before & ~reach) | named
}

function changeKeywords(
  how: SetFlags['how'],
  { chunk, at, numbers }: { chunk: Buffer; at: number; numbers: readonly number[] },
): boolean {
  const start = at + field.keywords
  const before = Buffer.from(chunk.subarray(start, start + 16))
  if (how === 'replace') setKeywords(chunk, at, numbers)
  else
    for (const number of numbers) {
      const octet = start + (number >> 3)
      const bit = 1 << (number & 7)
      chunk[octet] = how === 'add' ? (chunk[octet] ?? 0) | bit : (chunk[octet] ?? 0) & ~bit
    }
  return before.compare(chunk, start, start + 16) !== 0
}

function changeOwnSeen(
  tx: Transaction,
  mailbox: OpenMailbox,
  {
    change,
    intent,
    modSeq,
    fresh,
  }: { change: SetFlags; intent: Intent; modSeq: SetFlagsOutcome['modSeq']; fresh: RangeCollector },
): SetFlagsOutcome['changed'] {
  if (change.as.kind !== 'user' || !(intent.reach & flag.seen)) return []
  const named = (intent.bits & flag.seen) !== 0
  const { user } = change.as
  if (named && change.how !== 'remove') return changeSeen(tx, mailbox, { user, modSeq, add: fresh.ranges })
  if ((named && change.how === 'remove') || change.how === 'replace')
    return changeSeen(tx, mailbox, { user, modSeq, remove: fresh.ranges })
  return []
}
