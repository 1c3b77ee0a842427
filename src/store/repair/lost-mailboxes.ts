/** Mailboxes that the spool knows and the index does not: found by their cyrus.header, brought back with all it says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Transaction } from '../change/transaction.js'
import type { StoreConfig } from '../config.js'
import type { Settlement } from '../settle/settlement.js'
import { type HeaderFile, type MailboxHeader, readHeader } from '../spool/header-file.js'
import { headerFile, mailboxDirectory, quarantineDirectory, stageDirectory } from '../spool/partition.js'
import type { MailboxEntry, MailboxId, ModSeq, Uid } from '../types.js'
import { repair } from './adopt.js'
import { governingRoot } from './check-index.js'

export interface FoundHeader {
  readonly partition: string
  /** Below the partition. */
  readonly directory: string
  readonly path: string
  readonly file: HeaderFile
}

/** Every cyrus.header below the partitions, or below one directory of each; links are not followed. */
export function* findHeaders(config: StoreConfig, below = ''): Generator<FoundHeader> {
  for (const [partition, root] of config.partitions) yield* headersIn({ partition, root }, join(root, below))
}

function* headersIn(
  { partition, root }: { partition: string; root: string },
  directory: string,
): Generator<FoundHeader> {
  const path = join(directory, headerFile)
  if (existsSync(path))
    yield { partition, directory: relative(root, directory), path, file: readHeader(readFileSync(path)) }
  if (!existsSync(directory)) return
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === stageDirectory || entry.name === quarantineDirectory) continue
    yield* headersIn({ partition, root }, join(directory, entry.name))
  }
}

/** Modseqs that may have been given out since the header was written, and never reached it. */
const modSeqGap = 1_000_000
/** UIDs likewise. */
export const uidGap = 1000

export type Restored =
  | { readonly kind: 'created'; readonly mailbox: MailboxId; readonly header: MailboxHeader }
  /** The index knows it, at that place or another. */
  | { readonly kind: 'known'; readonly entry: MailboxEntry }
  | { readonly kind: 'nameTaken'; readonly header: MailboxHeader }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Makes the mailbox of a header again, empty: its messages are then adopted. Where the index knows it, the index wins. */
export function restoreMailbox(shop: Settlement, { partition, directory, file }: FoundHeader): Restored {
  if (file.kind === 'newer') return { kind: 'unreadable', reason: `of version ${file.version}` }
  if (file.kind === 'damaged') return { kind: 'unreadable', reason: `damaged (${file.reason})` }
  const { header } = file
  return repair(shop, (tx): Restored => {
    for (const { value } of tx.tables.mailboxes.range())
      if (value.uniqueId === header.uniqueId) return { kind: 'known', entry: value }
    if (tx.tables.names.has(header.name)) return { kind: 'nameTaken', header }
    return { kind: 'created', mailbox: insert(tx, { header, partition, directory }), header }
  })
}

function insert(
  tx: Transaction,
  { header, partition, directory }: { header: MailboxHeader; partition: string; directory: string },
): MailboxId {
  const free = header.id > 0 && !tx.tables.mailboxes.has(header.id)
  const id = free ? header.id : (tx.next('lastMailboxId') as MailboxId)
  if (tx.counter('lastMailboxId') < id) tx.tables.meta.put('lastMailboxId', id)
  if (tx.counter('lastUidValidity') < header.uidValidity) tx.tables.meta.put('lastUidValidity', header.uidValidity)
  const { uidNext: _, highestModSeq, ...facts } = header
  const entry: MailboxEntry = {
    ...facts,
    id,
    partition,
    directory,
    quotaRoot: governingRoot(tx.tables, header.name),
    moving: undefined,
    version: header.version + 1,
  }
  const modSeq = (highestModSeq + modSeqGap) as ModSeq
  tx.tables.names.put(header.name, id)
  tx.tables.mailboxes.put(id, entry)
  tx.tables.counts.put(
    { mailbox: id, sub: undefined },
    { ...emptyCounts, highestModSeq: modSeq, vanishedFloor: modSeq },
  )
  tx.addUsage(entry.quotaRoot, { MAILBOX: 1 })
  return id
}

/** UIDNEXT 1: files keep the UIDs of their names. The header's own is asked for when they are all there. */
const emptyCounts = {
  uidNext: 1 as Uid,
  exists: 0,
  octets: 0,
  unseen: 0,
  answered: 0,
  flagged: 0,
  deleted: 0,
  firstUnseen: 0,
  recentUid: 0,
  lastAppend: 0,
  lastPop3: 0,
}

/** After the files of a restored mailbox were adopted: no UID that may have been given out comes again. */
export function leaveGap(shop: Settlement, mailbox: MailboxId, header: Pick<MailboxHeader, 'uidNext'>): void {
  repair(shop, (tx) => {
    const open = tx.mailbox(mailbox)
    open.counts.uidNext = (Math.max(open.counts.uidNext, header.uidNext) + uidGap) as Uid
    open.countsChanged()
    // Where its files lie may not be where its name says: they follow.
    const { partition, directory, name } = open.entry
    const wanted = mailboxDirectory(name, tx.config.layout)
    open.amend({ moving: directory === wanted ? undefined : { partition, directory: wanted } })
    tx.owe(open.entry.moving ? { kind: 'move', mailbox } : { kind: 'header', mailbox, version: open.entry.version })
  })
}
