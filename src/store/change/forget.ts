/** What cyr_expire removes: files and records of expunged messages, retry keys, delivery records, old tombstones. */
import { clusterPrefix } from '../tables.js'
import type { ModSeq, Uid } from '../types.js'
import { RangeCollector } from '../uid-ranges.js'
import { retryMemory } from './append.js'
import type { ForgetDelivered, ForgetExpunged, Forgotten } from './change.js'
import type { Transaction } from './transaction.js'

/** Rows that one change removes: other writers wait no longer than that takes. */
const slice = 500
/** Tombstones kept of a mailbox: one for each expunge, whatever its size. */
const maxVanished = 5_000

/** @throws StoreError noSuchMailbox, unavailable */
export function forgetExpunged(tx: Transaction, change: ForgetExpunged): Forgotten {
  const mailbox = tx.mailbox(change.mailbox)
  mailbox.demandAtRest()
  const old = new RangeCollector()
  let forgotten = 0
  const start = { mailbox: change.mailbox, sub: 0 }
  for (const { key, value } of tx.tables.expunged.range({ start, sharing: clusterPrefix })) {
    if (value.at >= change.before) continue
    old.add(key.sub as Uid)
    if (++forgotten === slice) break
  }
  for (const { first, last } of old.ranges)
    for (let uid: number = first; uid <= last; uid++) tx.tables.expunged.remove({ mailbox: change.mailbox, sub: uid })
  if (!old.empty) tx.owe({ kind: 'unlink', mailbox: change.mailbox, uids: old.ranges })
  forgetRetries(tx, change)
  limitVanished(tx, change)
  return { forgotten, more: forgotten === slice }
}

function forgetRetries(tx: Transaction, { mailbox }: ForgetExpunged): void {
  const start = { mailbox, sub: Buffer.alloc(0) }
  const rows = [...tx.tables.retries.range({ start, sharing: clusterPrefix })]
  for (const { key, value } of rows) if (value + retryMemory <= tx.now) tx.tables.retries.remove(key)
}

/** The oldest tombstones go, and the modseq below which VANISHED (EARLIER) is no longer answered from them rises. */
function limitVanished(tx: Transaction, { mailbox: id }: ForgetExpunged): void {
  const start = { mailbox: id, sub: 0 as ModSeq }
  const keys = [...tx.tables.vanished.keys({ start, sharing: clusterPrefix })]
  const surplus = keys.slice(0, Math.max(0, keys.length - maxVanished))
  const last = surplus[surplus.length - 1]
  if (!last) return
  for (const key of surplus) tx.tables.vanished.remove(key)
  const mailbox = tx.mailbox(id)
  mailbox.counts.vanishedFloor = last.sub
  mailbox.countsChanged()
}

export function forgetDelivered(tx: Transaction, change: ForgetDelivered): Forgotten {
  const old: (readonly [string, string])[] = []
  for (const { key, value } of tx.tables.delivered.range()) {
    if (value < change.before) old.push(key)
    if (old.length === slice) break
  }
  for (const key of old) tx.tables.delivered.remove(key)
  return { forgotten: old.length, more: old.length === slice }
}
