/** DELETE: the mailbox is gone at once; under `delete_mode: delayed` it lives on below DELETED, able to come back. */
import { StoreError } from '../errors.js'
import { deletedName, isDeleted, isUserInbox } from '../mailbox-name.js'
import type { DeleteMailbox, DeleteMailboxOutcome } from './change.js'
import type { OpenMailbox } from './open-mailbox.js'
import { changeQuotaRoot, relocate, treeOf } from './rename-mailbox.js'
import type { Transaction } from './transaction.js'

/** @throws StoreError noSuchMailbox, notPermitted, unavailable */
export function deleteMailbox(tx: Transaction, change: DeleteMailbox): DeleteMailboxOutcome {
  const { name, as } = change
  const mailbox = tx.named(name)
  if (isUserInbox(name) && as.kind === 'user' && !as.admin)
    throw new StoreError('notPermitted', 'Permission denied: INBOX cannot be deleted')
  tx.demand(mailbox, as, 'x')
  const doomed = isUserInbox(name) ? treeOf(tx, name) : [mailbox]
  for (const one of doomed) one.demandAtRest()
  const deleted = doomed.map((one) => one.entry.name)
  const forGood = change.forGood || tx.config.deleteMode === 'immediate' || isDeleted(name)
  for (const one of doomed) forGood ? remove(tx, one) : setAside(tx, one)
  tx.effects.push({ kind: 'listChanged' })
  return { deleted }
}

function setAside(tx: Transaction, mailbox: OpenMailbox): void {
  const from = mailbox.entry.name
  // Deleted twice within one second: the next free second.
  for (let at = tx.now; ; at++) {
    const to = deletedName(from, new Date(at * 1000))
    if (to && tx.tables.names.has(to)) continue
    if (to) relocate(tx, { mailbox, from, to })
    else remove(tx, mailbox)
    return
  }
}

function remove(tx: Transaction, mailbox: OpenMailbox): void {
  const { entry } = mailbox
  changeQuotaRoot(tx, mailbox, undefined)
  mailbox.flush()
  tx.forgetMailbox(entry.id)
  tx.tables.names.remove(entry.name)
  tx.tables.mailboxes.remove(entry.id)
  tx.tables.counts.remove({ mailbox: entry.id, sub: undefined })
  tx.owe({
    kind: 'purge',
    mailbox: entry.id,
    partition: entry.partition,
    directory: entry.directory,
    uniqueId: entry.uniqueId,
  })
}
