/** Numbered files out of the journal, and the freeing of a segment whose files are all safe. */
import { execFile } from 'node:child_process'
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { journalDirectory } from '../config.js'
import { freePath, readFrame, segmentPath } from '../journal/segment.js'
import { type MessageRecord, MessageRecord as RecordView } from '../message-record.js'
import { findRecord } from '../read/chunks.js'
import { syncDirectory } from '../spool/directory.js'
import { directoriesOf, type Form, fileName, isWhole, quarantine, writeNew, writeOver } from '../spool/message-file.js'
import { expungedFile, messageFile } from '../spool/partition.js'
import { renameFile } from '../spool/rename.js'
import type { SafePlace } from '../spool/safe-place.js'
import type { MailboxEntry, MailboxId, Uid } from '../types.js'
import { ifThere } from './expunged.js'
import type { Settled, Settlement, Work } from './settlement.js'

export interface Unpacked {
  readonly mailbox: MailboxId
  readonly uid: Uid
  readonly place: SafePlace
}

/** Free segments kept for use again. */
const maxFree = 2

/** Writes the message's file, or files: hard links where mailboxes share a partition. Nothing is synced. */
export function unpack(settlement: Settlement, work: Work & { kind: 'unpack' }): Unpacked[] {
  const { config, environment, tables } = settlement
  const done: (Unpacked & { path: string; partition: string })[] = []
  for (const { mailbox, uid } of work.copies) {
    const entry = environment.read(() => tables.mailboxes.get(mailbox))
    if (!entry) continue
    const path = join(directoriesOf(config, entry)[0] ?? '', messageFile(uid))
    config.step?.('unpack.file')
    const twin = done.find((other) => other.partition === entry.partition)
    if (!twin || !linked(twin.path, path)) writeOrReplace(settlement, { entry, path, work })
    done.push({ mailbox, uid, place: work.place, path, partition: entry.partition })
    // Deleted or moved meanwhile: the directory may soon be another mailbox's.
    if (!stillThere(settlement, entry)) takeBack(path, work.bytes)
    settlement.scanned({ mailbox, uid, bytes: work.bytes })
  }
  return done
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch {
    return false
  }
}

function writeOrReplace(
  { config, report }: Settlement,
  { entry, path, work }: { entry: MailboxEntry; path: string; work: Work & { kind: 'unpack' } },
): void {
  if (writeNew(path, work.bytes, work.internalDate) === 'written') return
  const aside = quarantine(config, entry.partition, path)
  report(`a file was in the way of a new message: ${path} is now ${aside}`)
  writeOver(path, { bytes: work.bytes, internalDate: work.internalDate, owner: config.owner })
}

function stillThere({ environment, tables }: Settlement, was: MailboxEntry): boolean {
  const now = environment.read(() => tables.mailboxes.get(was.id))
  return now !== undefined && now.directory === was.directory && now.partition === was.partition && !now.moving
}

/** Removes a file that was just written where it no longer belongs, if it is still that file. */
function takeBack(path: string, bytes: Buffer): void {
  ifThere(() => {
    if (readFileSync(path).equals(bytes)) unlinkSync(path)
  })
}

/** Makes sure that every file unpacked from the segment is where it belongs and on stable storage, then frees it. */
export async function retireSegment(
  settlement: Settlement,
  segment: number,
  unpacked: readonly Unpacked[],
): Promise<Settled> {
  const { config, environment, tables } = settlement
  const partitions = new Set<string>()
  for (const { mailbox, uid, place } of unpacked) {
    const entry = environment.read(() => tables.mailboxes.get(mailbox))
    if (entry?.moving) return 'later'
    if (!entry) continue
    partitions.add(entry.partition)
    ensureFile(settlement, { entry, uid, place, check: 'size' })
  }
  config.step?.('retire.sync')
  await syncFileSystems(settlement, partitions)
  config.step?.('retire.free')
  freeSegment(settlement, segment)
  return 'done'
}

/**
 * The file of a message whose record points to the journal is where it should be, with the right bytes; if not it is
 * written again from the frame.
 */
export function ensureFile(
  settlement: Settlement,
  {
    entry,
    uid,
    place,
    check,
  }: {
    entry: MailboxEntry
    uid: Uid
    place: SafePlace
    check: 'size' | 'digest'
  },
): 'whole' | 'rewritten' | 'gone' {
  const { config, environment, tables } = settlement
  const directory = directoriesOf(config, entry)[0] ?? ''
  const [live, dead] = [join(directory, messageFile(uid)), join(directory, expungedFile(uid))]
  const found = environment.read((): { record: MessageRecord; form: Form } | undefined => {
    const record = findRecord(tables.chunks, entry.id, uid)
    if (record) return { record, form: 'live' }
    const row = tables.expunged.get({ mailbox: entry.id, sub: uid })
    return row && { record: new RecordView(row.record, 0), form: 'expunged' }
  })
  const points =
    found && found.record.journalled.segment === place.segment && found.record.journalled.frame === place.frame
  if (!found || !points) {
    if (!found) ifThere(() => unlinkSync(live))
    return 'gone'
  }
  const path = join(directory, fileName(uid, found.form))
  if (found.form === 'expunged') ifThere(() => renameFile(live, dead))
  if (isWhole(path, found.record, check)) return 'whole'
  const frame = readFrame(journalDirectory(config), { segment: place.segment, offset: place.frame })
  if (!frame?.head.sha1.equals(found.record.sha1)) throw new Error(`no whole frame for message ${uid} of ${entry.name}`)
  writeOver(path, { bytes: frame.bytes, internalDate: found.record.internalDate, owner: config.owner })
  return 'rewritten'
}

/** Everything written on these partitions so far reaches stable storage. @throws Error when `sync -f` fails */
export async function syncFileSystems(
  { config }: Pick<Settlement, 'config'>,
  partitions: Iterable<string>,
): Promise<void> {
  const paths = [...partitions].flatMap((partition) => config.partitions.get(partition) ?? [])
  if (paths.length > 0) await promisify(execFile)('sync', ['-f', ...paths])
}

/** The segment's number disappears; its file is kept for the next one, up to a few. */
function freeSegment({ config }: Settlement, segment: number): void {
  const directory = journalDirectory(config)
  const path = segmentPath(directory, segment)
  const free = freeSegments(directory, config.owner)
  if (free.length < maxFree) renameSync(path, freePath(directory, config.owner, segment))
  else rmSync(path, { force: true })
  syncDirectory(directory)
}

/** Free files that this process may use again. */
export function freeSegments(directory: string, owner: string): string[] {
  return readdirSync(directory)
    .filter((file) => file.startsWith(`free.${owner}.`))
    .map((file) => join(directory, file))
}
