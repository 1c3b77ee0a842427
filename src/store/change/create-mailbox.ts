/** CREATE: a mailbox of its own directory, with the ACL and quota root that its place gives it. */
import { randomBytes } from 'node:crypto'
import { initialAcl } from '../acl.js'
import { StoreError } from '../errors.js'
import { ancestors, type InternalName, isUserInbox } from '../mailbox-name.js'
import { mailboxDirectory } from '../spool/partition.js'
import type { Actor, MailboxCounts, MailboxEntry, MailboxId, ModSeq, Uid } from '../types.js'
import type { CreateMailbox, CreateMailboxOutcome } from './change.js'
import type { OpenMailbox } from './open-mailbox.js'
import type { Transaction } from './transaction.js'

/** @throws StoreError mailboxExists, noSuchMailbox, notPermitted, overQuota, noSuchPartition, unavailable */
export function createMailbox(tx: Transaction, change: CreateMailbox): CreateMailboxOutcome {
  demandFree(tx, change.name)
  demandCreate(tx, change.name, change.as)
  demandDirectoryFree(tx, mailboxDirectory(change.name, tx.config.layout))
  const root = tx.quotaRootOf(change.name)
  tx.demandQuota(root, { MAILBOX: 1 })
  const mailbox = insertMailbox(tx, {
    name: change.name,
    partition: choosePartition(tx, change),
    acl: change.acl ?? inheritedAcl(tx, change.name),
    specialUse: change.specialUse ?? [],
  })
  return { mailbox: mailbox.entry.id, uniqueId: mailbox.entry.uniqueId }
}

/** @throws StoreError mailboxExists */
export function demandFree(tx: Transaction, name: InternalName): void {
  if (tx.tables.names.has(name)) throw new StoreError('mailboxExists', `Mailbox ${name} already exists`)
}

/**
 * Right k on the nearest mailbox above; where there is none, and for INBOXes, an administrator. RFC 4314 §4
 * @throws StoreError notPermitted
 */
export function demandCreate(tx: Transaction, name: InternalName, as: Actor): void {
  if (as.kind === 'system') return
  const above = isUserInbox(name) ? undefined : nearestAbove(tx, name)
  if (above) {
    // An administrator of one domain is none in another: what they hold here says so.
    const held = tx.rights(above.entry, as)
    if (held.includes('k') || (as.admin && held.includes('a'))) return
    tx.demand(above, as, 'k')
  } else if (!as.admin || !tx.rights({ name, acl: '' }, as).includes('a'))
    throw new StoreError('notPermitted', `Permission denied: only an administrator creates ${name}`)
}

/** @throws StoreError unavailable: files of another mailbox are still leaving that directory. */
export function demandDirectoryFree(tx: Transaction, directory: string): void {
  for (const { value } of tx.tables.debts.range()) {
    const { task } = value
    const entry = task.kind === 'move' ? tx.tables.mailboxes.get(task.mailbox) : undefined
    const used =
      task.kind === 'purge'
        ? task.directory === directory
        : entry?.moving && (entry.directory === directory || entry.moving.directory === directory)
    if (used) throw new StoreError('unavailable', `Files are still leaving ${directory}, try again in a moment`)
  }
}

function nearestAbove(tx: Transaction, name: InternalName): OpenMailbox | undefined {
  for (const candidate of ancestors(name)) {
    const id = tx.tables.names.get(candidate)
    if (id !== undefined) return tx.mailbox(id)
  }
  return undefined
}

function inheritedAcl(tx: Transaction, name: InternalName): string {
  if (isUserInbox(name)) return initialAcl(name, { defaultacl: tx.config.defaultAcl })
  return nearestAbove(tx, name)?.entry.acl ?? initialAcl(name, { defaultacl: tx.config.defaultAcl })
}

function choosePartition(tx: Transaction, { name, partition }: CreateMailbox): string {
  const chosen = partition ?? nearestAbove(tx, name)?.entry.partition ?? tx.config.defaultPartition
  if (!tx.config.partitions.has(chosen))
    throw new StoreError(
      'noSuchPartition',
      `Partition ${chosen} is unknown: name it in imapd.conf as partition-${chosen}`,
    )
  return chosen
}

/** Writes the rows of a new mailbox; every question has been asked. */
export function insertMailbox(
  tx: Transaction,
  facts: Pick<MailboxEntry, 'name' | 'partition' | 'acl' | 'specialUse'> &
    Partial<Pick<MailboxEntry, 'uniqueId' | 'uidValidity'>>,
): OpenMailbox {
  const id = tx.next('lastMailboxId') as MailboxId
  const quotaRoot = tx.quotaRootOf(facts.name)
  const plain = mailboxDirectory(facts.name, tx.config.layout)
  const entry: MailboxEntry = {
    id,
    name: facts.name,
    uniqueId: facts.uniqueId ?? randomBytes(12).toString('hex'),
    uidValidity: facts.uidValidity ?? tx.next('lastUidValidity', tx.now),
    partition: facts.partition,
    directory: plain,
    acl: facts.acl,
    quotaRoot,
    keywords: [],
    specialUse: facts.specialUse,
    createdAt: tx.now,
    createdModSeq: 1 as ModSeq,
    version: 1,
    sharedSeen: false,
    pop3ShowAfter: 0,
    moving: undefined,
  }
  tx.tables.names.put(facts.name, id)
  tx.tables.mailboxes.put(id, entry)
  tx.tables.counts.put({ mailbox: id, sub: undefined }, emptyCounts)
  tx.addUsage(quotaRoot, { MAILBOX: 1 })
  tx.owe({ kind: 'header', mailbox: id, version: entry.version })
  tx.effects.push({ kind: 'listChanged' })
  return tx.mailbox(id)
}

const emptyCounts: MailboxCounts = {
  uidNext: 1 as Uid,
  exists: 0,
  octets: 0,
  highestModSeq: 1 as ModSeq,
  vanishedFloor: 0 as ModSeq,
  unseen: 0,
  answered: 0,
  flagged: 0,
  deleted: 0,
  firstUnseen: 0,
  recentUid: 0,
  lastAppend: 0,
  lastPop3: 0,
}
