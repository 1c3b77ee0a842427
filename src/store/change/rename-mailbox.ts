/** RENAME: names change at once, for the mailbox and all below it; the files follow by a plan. */
import { formatAcl, readAcl } from '../acl.js'
import { StoreError } from '../errors.js'
import { type InternalName, inboxOf, isBelow, isDeleted, isUserInbox, moveBelow, ownerOf } from '../mailbox-name.js'
import { mailboxDirectory } from '../spool/partition.js'
import { clusterPrefix } from '../tables.js'
import type { MailboxEntry, QuotaResource } from '../types.js'
import type { RenameMailbox, RenameMailboxOutcome } from './change.js'
import { demandCreate, demandDirectoryFree, demandFree } from './create-mailbox.js'
import type { OpenMailbox } from './open-mailbox.js'
import type { Transaction } from './transaction.js'

/** @throws StoreError noSuchMailbox, mailboxExists, notPermitted, overQuota, badMailboxName, noSuchPartition, unavailable */
export function renameMailbox(tx: Transaction, change: RenameMailbox): RenameMailboxOutcome {
  const { from, to, as } = change
  const source = tx.named(from)
  // An administrator renames what an ACL does not let them delete, as in Cyrus.
  tx.demand(source, as, from === to || (as.kind === 'user' && as.admin) ? 'a' : 'x')
  if (change.partition !== undefined && as.kind === 'user' && !as.admin)
    throw new StoreError('notPermitted', 'Permission denied: only an administrator names a partition')
  if (change.partition !== undefined && !tx.config.partitions.has(change.partition))
    throw new StoreError('noSuchPartition', `Partition ${change.partition} is unknown: name it in imapd.conf`)
  if (isBelow(to, from)) throw new StoreError('badMailboxName', `Mailbox ${from} cannot move below itself`)
  const sources = from === to ? [source] : treeOf(tx, from)
  for (const mailbox of sources) mailbox.demandAtRest()
  const moves = sources.map((mailbox) => ({
    mailbox,
    from: mailbox.entry.name,
    to: newName(mailbox.entry.name, { from, to }),
  }))
  if (from !== to) {
    demandCreate(tx, to, as)
    for (const move of moves) {
      demandFree(tx, move.to)
      demandDirectoryFree(tx, mailboxDirectory(move.to, tx.config.layout))
    }
    for (const move of moves) demandRoom(tx, move)
  }
  for (const move of moves) relocate(tx, { ...move, partition: change.partition })
  if (isUserInbox(from) && isUserInbox(to) && from !== to) moveSubscriptions(tx, { from, to })
  tx.effects.push({ kind: 'listChanged' })
  return { renamed: moves.map(({ mailbox, from: was, to: is }) => ({ mailbox: mailbox.entry.id, from: was, to: is })) }
}

/** The mailbox and all below it, in order. */
export function treeOf(tx: Transaction, name: InternalName): OpenMailbox[] {
  const mailboxes: OpenMailbox[] = []
  for (const { key, value } of tx.tables.names.range({ start: name })) {
    if (key !== name && !isBelow(key, name)) break
    mailboxes.push(tx.mailbox(value))
  }
  return mailboxes
}

function newName(name: InternalName, { from, to }: { from: InternalName; to: InternalName }): InternalName {
  const renamed = moveBelow(name, { from, to })
  if (!renamed) throw new StoreError('badMailboxName', `The new name of ${name} would be too long`)
  return renamed
}

function demandRoom(tx: Transaction, { mailbox, to }: { mailbox: OpenMailbox; to: InternalName }): void {
  const root = tx.quotaRootOf(to)
  if (root !== mailbox.entry.quotaRoot && !isDeleted(to)) tx.demandQuota(root, usageOf(tx, mailbox))
}

/** What the mailbox counts for its quota root. */
export function usageOf(tx: Transaction, mailbox: OpenMailbox): Record<QuotaResource, number> {
  const start = { mailbox: mailbox.entry.id, sub: ['', ''] as const }
  let annotations = 0
  for (const { value } of tx.tables.annotations.range({ start, sharing: clusterPrefix })) annotations += value.length
  return {
    STORAGE: mailbox.counts.octets,
    MESSAGE: mailbox.counts.exists,
    MAILBOX: 1,
    'X-ANNOTATION-STORAGE': annotations,
  }
}

/** Gives a mailbox another name, and plans where its files go. */
export function relocate(
  tx: Transaction,
  {
    mailbox,
    from,
    to,
    partition,
  }: { mailbox: OpenMailbox; from: InternalName; to: InternalName; partition?: string | undefined },
): void {
  const { entry } = mailbox
  tx.tables.names.remove(from)
  tx.tables.names.put(to, entry.id)
  const moving = { partition: partition ?? entry.partition, directory: mailboxDirectory(to, tx.config.layout) }
  const stays = moving.partition === entry.partition && moving.directory === entry.directory
  const quotaRoot = changeQuotaRoot(tx, mailbox, isDeleted(to) ? undefined : tx.quotaRootOf(to))
  mailbox.amend({ name: to, acl: aclFor(entry, to), quotaRoot, moving: stays ? undefined : moving })
  mailbox.nextModSeq()
  if (stays) tx.owe({ kind: 'header', mailbox: entry.id, version: mailbox.entry.version })
  else tx.owe({ kind: 'move', mailbox: entry.id })
}

/** Moves the mailbox's usage from its quota root to another. Returns the new root. */
export function changeQuotaRoot(
  tx: Transaction,
  mailbox: OpenMailbox,
  root: InternalName | undefined,
): InternalName | undefined {
  const before = mailbox.entry.quotaRoot
  if (root === before) return root
  const usage = usageOf(tx, mailbox)
  tx.addUsage(before, negated(usage))
  tx.addUsage(root, usage)
  return root
}

function negated(usage: Record<QuotaResource, number>): Partial<Record<QuotaResource, number>> {
  return Object.fromEntries(Object.entries(usage).map(([resource, amount]) => [resource, -amount]))
}

/** When a user's whole tree gets another owner, the owner's entries in the ACL follow. */
function aclFor(entry: MailboxEntry, to: InternalName): string {
  const [before, after] = [ownerOf(entry.name), ownerOf(to)]
  if (before === undefined || after === undefined || before === after || inboxOf(to) === undefined) return entry.acl
  return formatAcl(
    readAcl(entry.acl).map((row) => (row.identifier === before ? { identifier: after, rights: row.rights } : row)),
  )
}

function moveSubscriptions(tx: Transaction, { from, to }: { from: InternalName; to: InternalName }): void {
  const [before, after] = [ownerOf(from), ownerOf(to)]
  if (before === undefined || after === undefined) return
  const rows = [...tx.tables.subscriptions.range({ start: [before, '' as InternalName] })]
  for (const { key } of rows) {
    if (key[0] !== before) break
    tx.tables.subscriptions.remove(key)
    tx.tables.subscriptions.put([after, moveBelow(key[1], { from, to }) ?? key[1]], true)
  }
}
