/**
 * The whole index made again: from the newest checkpoint, if there is one, and from what the spool and the journal say that
 * the checkpoint does not know yet. Nothing else may have the store open.
 */
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openDataFile } from '../../db/data-file.js'
import { newRecord } from '../change/append.js'
import type { Transaction } from '../change/transaction.js'
import { indexDirectory, journalDirectory, type StoreConfig } from '../config.js'
import { framesOf, liveSegments, readFrame, segmentPath } from '../journal/segment.js'
import { field } from '../message-record.js'
import { recordsWithin } from '../read/chunks.js'
import { recover } from '../recovery.js'
import type { Settlement } from '../settle/settlement.js'
import { syncDirectory } from '../spool/directory.js'
import { digest } from '../spool/staging.js'
import { clusterPrefix } from '../tables.js'
import type { MailboxEntry, MailboxId, ModSeq, Uid } from '../types.js'
import { allUids } from '../uid-ranges.js'
import { closeWorkshop, openWorkshop } from '../writer/workshop.js'
import { repair } from './adopt.js'
import { governingRoot } from './check-index.js'
import { checkpointDirectories, indexOfCheckpoint } from './checkpoint.js'
import { type FoundHeader, findHeaders, restoreMailbox, uidGap } from './lost-mailboxes.js'
import { mendUsage } from './mend-usage.js'
import { reconstructMailbox } from './reconstruct.js'

/** As `reconstruct` would, except that the spool is newer than the index. */
const options = { dry: false, depth: 'size', odd: 'ignore', altered: 'report', spoolIsNewer: true } as const
/** Modseqs that may have been given out since the checkpoint. */
const modSeqGap = 1_000_000

/** @throws Error of the disk. `report` is told what was found and done, line by line. */
export async function rebuildIndex(config: StoreConfig, report: (line: string) => void): Promise<void> {
  setAside(config, report)
  restoreCheckpoint(config, report)
  const shop = openWorkshop(config, report)
  try {
    keepSegmentNumbers(shop)
    const found = restoreMailboxes(shop, report)
    for (const entry of entriesOf(shop)) mendOne(shop, entry, { found, report })
    salvageFrames(shop, report)
    leaveGaps(shop, found)
    await recover(shop)
    for (const root of shop.environment.read(() => [...shop.tables.quotas.keys()]))
      mendUsage(shop, root, { dry: false })
  } finally {
    await closeWorkshop(shop)
  }
}

const entriesOf = ({ environment, tables }: Settlement): MailboxEntry[] =>
  environment.read(() => [...tables.mailboxes.range()].map(({ value }) => value))

function setAside(config: StoreConfig, report: (line: string) => void): void {
  const index = indexDirectory(config)
  if (!existsSync(index)) return
  const aside = `${index}.damaged.${new Date().toISOString().replaceAll(':', '')}`
  renameSync(index, aside)
  report(`the index is now ${aside}`)
}

function restoreCheckpoint(config: StoreConfig, report: (line: string) => void): void {
  for (const directory of checkpointDirectories(config)) {
    const path = join(indexOfCheckpoint(directory), 'data.mdb')
    try {
      openDataFile(indexOfCheckpoint(directory)).close()
    } catch {
      continue
    }
    const index = indexDirectory(config)
    mkdirSync(index, { recursive: true, mode: 0o700 })
    const temporary = join(index, 'checkpoint')
    copyFileSync(path, temporary)
    const descriptor = openSync(temporary, 'r')
    fsyncSync(descriptor)
    closeSync(descriptor)
    renameSync(temporary, join(index, 'data.mdb'))
    syncDirectory(index)
    report(
      `flags, seen state, quota limits and subscriptions are those of the checkpoint of ${statSync(path).mtime.toISOString()}`,
    )
    return
  }
  report('there is no checkpoint: flags, seen state, quota limits and subscriptions are lost')
}

/** Segments that are still there were numbered after the checkpoint: their numbers must not come again. */
function keepSegmentNumbers({ config, environment, tables }: Settlement): void {
  const directory = journalDirectory(config)
  const last = existsSync(directory) ? Math.max(0, ...liveSegments(directory)) : 0
  environment.write(() => {
    const known = tables.meta.get('lastSegment')
    tables.meta.put('lastSegment', Math.max(last, typeof known === 'number' ? known : 0) + 1)
  })
}

/** Mailboxes by unique id, as their headers say. */
function restoreMailboxes(shop: Settlement, report: (line: string) => void): Map<string, FoundHeader> {
  const found = new Map<string, FoundHeader>()
  for (const header of findHeaders(shop.config)) {
    if (header.file.kind !== 'whole') {
      report(`${header.path} cannot be read: ${header.file.kind === 'damaged' ? header.file.reason : 'a later format'}`)
      continue
    }
    const { uniqueId, version } = header.file.header
    const other = found.get(uniqueId)
    if (other?.file.kind === 'whole' && other.file.header.version >= version) continue
    found.set(uniqueId, header)
  }
  for (const header of found.values()) {
    const restored = restoreMailbox(shop, header)
    if (restored.kind === 'created') report(`${restored.header.name} found at ${header.path}`)
    else if (restored.kind === 'known') updateFromHeader(shop, restored.entry, header)
    else report(`${header.path} was left alone: ${restored.kind}`)
  }
  return found
}

/** What was said of the mailbox after the checkpoint. */
function updateFromHeader(shop: Settlement, entry: MailboxEntry, { file, partition, directory }: FoundHeader): void {
  if (file.kind !== 'whole' || file.header.version <= entry.version) return
  const { uidNext: _, highestModSeq: __, id: ___, ...facts } = file.header
  repair(shop, (tx) => {
    const holder = tx.tables.names.get(facts.name)
    if (holder !== undefined && holder !== entry.id) return
    tx.tables.names.remove(entry.name)
    tx.tables.names.put(facts.name, entry.id)
    const quotaRoot = governingRoot(tx.tables, facts.name)
    const version = facts.version + 1
    tx.tables.mailboxes.put(entry.id, {
      ...entry,
      ...facts,
      partition,
      directory,
      quotaRoot,
      moving: undefined,
      version,
    })
  })
}

function mendOne(
  shop: Settlement,
  entry: MailboxEntry,
  { found, report }: { found: ReadonlyMap<string, FoundHeader>; report: (line: string) => void },
): void {
  if (!found.has(entry.uniqueId) && found.size > 0 && !directoryOf(shop.config, entry)) {
    report(`${entry.name} was deleted after the checkpoint: it stays deleted`)
    repair(shop, (tx) => removeMailbox(tx, entry))
    return
  }
  for (const line of reconstructMailbox(shop, entry.id, options))
    if (!line.endsWith('is not that of the index')) report(`${entry.name} ${line}`)
}

function directoryOf(config: StoreConfig, { partition, directory }: MailboxEntry): boolean {
  return existsSync(join(config.partitions.get(partition) ?? '', directory))
}

function removeMailbox(tx: Transaction, entry: MailboxEntry): void {
  tx.tables.names.remove(entry.name)
  tx.tables.mailboxes.remove(entry.id)
  tx.tables.counts.remove({ mailbox: entry.id, sub: undefined })
  const { partition, directory, uniqueId } = entry
  tx.owe({ kind: 'purge', mailbox: entry.id, partition, directory, uniqueId })
}

/** Messages that were acknowledged and not yet files: their bytes are in the journal, by the mailbox's number. */
function salvageFrames(shop: Settlement, report: (line: string) => void): void {
  const { config, environment, tables } = shop
  const directory = journalDirectory(config)
  if (!existsSync(directory)) return
  const known = new Map<MailboxId, Set<string>>()
  const knownIn = (mailbox: MailboxId): Set<string> => {
    const set = known.get(mailbox) ?? environment.read(() => digestsIn(shop, mailbox))
    known.set(mailbox, set)
    return set
  }
  for (const segment of liveSegments(directory))
    for (const { offset, mailboxes, sha1, internalDate } of framesOf(segmentPath(directory, segment), segment))
      for (const mailbox of mailboxes) {
        const name = environment.read(() => tables.mailboxes.get(mailbox)?.name)
        if (name === undefined || knownIn(mailbox).has(sha1.toString('hex'))) continue
        const bytes = readFrame(directory, { segment, offset })?.bytes
        if (!bytes || !digest(bytes).sha1.equals(sha1)) continue
        const uid = appendFrame(shop, mailbox, { bytes, internalDate, place: { segment, frame: offset } })
        knownIn(mailbox).add(sha1.toString('hex'))
        report(`${name} uid ${uid} found in the journal - adding`)
      }
}

function digestsIn({ tables }: Settlement, mailbox: MailboxId): Set<string> {
  const digests = new Set<string>()
  for (const record of recordsWithin(tables.chunks, mailbox, allUids)) digests.add(record.sha1.toString('hex'))
  for (const { value } of tables.expunged.range({ start: { mailbox, sub: 0 }, sharing: clusterPrefix }))
    digests.add(value.record.subarray(field.sha1, field.sha1 + 20).toString('hex'))
  return digests
}

function appendFrame(
  shop: Settlement,
  mailbox: MailboxId,
  { bytes, internalDate, place }: { bytes: Buffer; internalDate: number; place: { segment: number; frame: number } },
): Uid {
  return repair(shop, (tx) => {
    const open = tx.mailbox(mailbox)
    const staged = { kind: 'memory', bytes, digests: digest(bytes) } as const
    const record = newRecord(staged, { flags: 0, keywords: [], internalDate, now: tx.now, place })
    tx.addUsage(open.entry.quotaRoot, { STORAGE: record.readUInt32LE(field.size), MESSAGE: 1 })
    return open.append(record, open.nextModSeq())
  })
}

/** No UID and no modseq that may have been given out after the checkpoint comes again. */
function leaveGaps(shop: Settlement, found: ReadonlyMap<string, FoundHeader>): void {
  for (const entry of entriesOf(shop))
    repair(shop, (tx) => {
      const open = tx.mailbox(entry.id)
      const file = found.get(entry.uniqueId)?.file
      const header = file?.kind === 'whole' ? file.header : undefined
      const { counts } = open
      counts.uidNext = (Math.max(counts.uidNext, header?.uidNext ?? 1) + uidGap) as Uid
      counts.highestModSeq = (Math.max(counts.highestModSeq, header?.highestModSeq ?? 1) + modSeqGap) as ModSeq
      counts.vanishedFloor = counts.highestModSeq
      open.countsChanged()
      tx.owe({ kind: 'header', mailbox: entry.id, version: open.entry.version })
    })
}

/** Whether there is something to rebuild an index from: a checkpoint, or mailboxes in the spool. */
export function canRebuild(config: StoreConfig): boolean {
  if (checkpointDirectories(config).some((directory) => existsSync(indexOfCheckpoint(directory)))) return true
  for (const _ of findHeaders(config)) return true
  return false
}
