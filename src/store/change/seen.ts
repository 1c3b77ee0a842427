/** \Seen of users who are not the owner: rows of their own, one per user and mailbox. */
import { ownerOf } from '../mailbox-name.js'
import type { Tables } from '../open-tables.js'
import { clusterPrefix } from '../tables.js'
import type { Actor, MailboxEntry, MailboxId, ModSeq, UidRange } from '../types.js'
import { difference, eachUid, intersection, union } from '../uid-ranges.js'
import type { OpenMailbox } from './open-mailbox.js'
import type { Transaction } from './transaction.js'

/** Whether \Seen of this actor is kept in rows of their own rather than in the records. */
export function keepsOwnSeen(entry: Pick<MailboxEntry, 'name' | 'sharedSeen'>, actor: Actor): boolean {
  return actor.kind === 'user' && !entry.sharedSeen && ownerOf(entry.name) !== actor.user
}

/** Adds and removes UIDs from what a user has seen. Returns those for which that is new. */
export function changeSeen(
  tx: Transaction,
  mailbox: OpenMailbox,
  change: {
    readonly user: string
    readonly modSeq: ModSeq
    readonly add?: readonly UidRange[]
    readonly remove?: readonly UidRange[]
  },
): readonly UidRange[] {
  const key = { mailbox: mailbox.entry.id, sub: change.user }
  const before = tx.tables.seen.get(key)?.seen ?? []
  const added = difference(change.add ?? [], before)
  const removed = intersection(change.remove ?? [], before)
  const changed = union(added, removed)
  if (changed.length === 0) return changed
  tx.tables.seen.put(key, { modSeq: change.modSeq, seen: union(difference(before, removed), added) })
  for (const uid of eachUid(changed))
    tx.tables.seenModSeqs.put({ mailbox: mailbox.entry.id, sub: { user: change.user, uid } }, change.modSeq)
  return changed
}

/** Every user forgets these messages: they are gone. */
export function forgetSeen(tables: Tables, mailbox: MailboxId, gone: readonly UidRange[]): void {
  for (const { key, value } of [...tables.seen.range({ start: { mailbox, sub: '' }, sharing: clusterPrefix })]) {
    const both = intersection(value.seen, gone)
    if (both.length > 0) tables.seen.put(key, { modSeq: value.modSeq, seen: difference(value.seen, both) })
    for (const uid of eachUid(gone)) tables.seenModSeqs.remove({ mailbox, sub: { user: key.sub, uid } })
  }
}
