/** EXPUNGE: messages leave the mailbox; their records, and for a time their files, are kept aside. */
import { field } from '../message-record.js'
import { flag, type MailboxId, type ModSeq, type Uid, type UidRange } from '../types.js'
import { allUids, RangeCollector } from '../uid-ranges.js'
import type { Expunge, ExpungeOutcome } from './change.js'
import type { OpenMailbox } from './open-mailbox.js'
import { forgetSeen } from './seen.js'
import type { Transaction } from './transaction.js'

/** @throws StoreError noSuchMailbox, notPermitted */
export function expunge(tx: Transaction, change: Expunge): ExpungeOutcome {
  const mailbox = tx.mailbox(change.mailbox)
  tx.demand(mailbox, change.as, 'e')
  const chosen = new RangeCollector()
  if (!change.onlyDeleted || mailbox.counts.deleted > 0)
    for (const { chunk, at } of mailbox.records(change.uids ?? allUids))
      if (!change.onlyDeleted || chunk.readUInt32LE(at + field.flags) & flag.deleted)
        chosen.add(chunk.readUInt32LE(at + field.uid) as Uid)
  if (chosen.empty) return { modSeq: mailbox.counts.highestModSeq, expunged: [] }
  const modSeq = mailbox.nextModSeq()
  return { modSeq, expunged: takeOut(tx, mailbox, { uids: chosen.ranges, modSeq }) }
}

/** Takes messages out of the mailbox, with everything that hangs on them. */
export function takeOut(
  tx: Transaction,
  mailbox: OpenMailbox,
  { uids, modSeq }: { uids: readonly UidRange[]; modSeq: ModSeq },
): readonly UidRange[] {
  const id: MailboxId = mailbox.entry.id
  let octets = 0
  let count = 0
  const gone = mailbox.remove(uids, (uid, record) => {
    octets += record.readUInt32LE(field.size)
    count++
    tx.tables.expunged.put({ mailbox: id, sub: uid }, { at: tx.now, modSeq, record })
  })
  tx.tables.vanished.put({ mailbox: id, sub: modSeq }, gone)
  forgetSeen(tx.tables, id, gone)
  tx.addUsage(mailbox.entry.quotaRoot, { STORAGE: -octets, MESSAGE: -count })
  tx.owe({ kind: 'expunged', mailbox: id, uids: gone })
  return gone
}
