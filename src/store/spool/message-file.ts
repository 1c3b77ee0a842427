/** Message files: where one lies, reading it wherever its bytes are at the moment, and making it lie where it should. */
import { createHash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { journalDirectory, partitionPath, type StoreConfig } from '../config.js'
import { StoreError } from '../errors.js'
import { readFrame } from '../journal/segment.js'
import type { MessageRecord } from '../message-record.js'
import type { MailboxEntry } from '../types.js'
import { makeDirectories } from './directory.js'
import { expungedFile, messageFile, quarantineDirectory } from './partition.js'
import { groupOf, isStaged } from './safe-place.js'
import { findGroup, stagedFile } from './stage.js'
import { temporaryName } from './temporary.js'

export type Form = 'live' | 'expunged'

export const fileName = (uid: number, form: Form): string => (form === 'live' ? messageFile(uid) : expungedFile(uid))

/** Where mailbox files lie now, and where they may lie instead while they are being moved. */
export function directoriesOf(config: StoreConfig, entry: MailboxEntry): string[] {
  const places = entry.moving ? [entry, entry.moving] : [entry]
  return places.map(({ partition, directory }) => join(partitionPath(config, partition), directory))
}

/** A message's bytes from its numbered file, or from where they wait to become one. @throws StoreError damaged */
export function readMessageBytes(
  config: StoreConfig,
  entry: MailboxEntry,
  message: MessageRecord,
  form: Form = 'live',
): Buffer {
  const name = fileName(message.uid, form)
  for (const attempt of ['now', 'again'])
    for (const directory of directoriesOf(config, entry)) {
      const bytes = readWhole(join(directory, name), message.fileSize)
      if (bytes) return bytes
      const waiting = attempt === 'now' ? readWaiting(config, entry, message) : undefined
      if (waiting) return waiting
    }
  throw new StoreError(
    'damaged',
    `Message ${message.uid} of ${entry.name} is missing or does not have its ${message.fileSize} octets: run reconstruct ${entry.name}`,
  )
}

/** The file if it has exactly that size. */
function readWhole(path: string, size: number): Buffer | undefined {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    const bytes = Buffer.allocUnsafe(size)
    let at = 0
    for (let read = 1; read > 0 && at < size; at += read) read = readSync(descriptor, bytes, at, size - at, at)
    return at === size && fstatSync(descriptor).size === size ? bytes : undefined
  } finally {
    closeSync(descriptor)
  }
}

/** The bytes in the journal segment or stage group that the record points to, if they are still there. */
export function readWaiting(config: StoreConfig, entry: MailboxEntry, message: MessageRecord): Buffer | undefined {
  const place = message.journalled
  if (place.segment === 0) return undefined
  if (!isStaged(place)) {
    const frame = readFrame(journalDirectory(config), { segment: place.segment, offset: place.frame })
    return frame?.head.sha1.equals(message.sha1) ? frame.bytes : undefined
  }
  for (const partition of new Set([entry.partition, entry.moving?.partition ?? entry.partition])) {
    const path = findGroup(config, { partition, group: groupOf(place) })
    const bytes = path && readWhole(stagedFile({ path }, place.frame), message.fileSize)
    if (bytes && sha1Of(bytes).equals(message.sha1)) return bytes
  }
  return undefined
}

const sha1Of = (bytes: Buffer): Buffer => createHash('sha1').update(bytes).digest()

/** Whether the file is there with its size; with `digest` also whether its bytes are the message's. */
export function isWhole(path: string, message: MessageRecord, check: 'size' | 'digest'): boolean {
  try {
    if (statSync(path).size !== message.fileSize) return false
    return check === 'size' || sha1Of(readFileSync(path)).equals(message.sha1)
  } catch {
    return false
  }
}

/** Writes a message's file under its final name, unsynced; the directory is made if missing. Fails if the name is taken. */
export function writeNew(path: string, bytes: Buffer, internalDate: number): 'written' | 'taken' {
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx', 0o600)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST') return 'taken'
    if (code !== 'ENOENT') throw error
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return writeNew(path, bytes, internalDate)
  }
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
    setTimes(descriptor, internalDate)
  } finally {
    closeSync(descriptor)
  }
  return 'written'
}

/** Writes the file under another name, syncs it, and renames it into place, whatever was there. */
export function writeOver(
  path: string,
  { bytes, internalDate, owner }: { readonly bytes: Buffer; readonly internalDate: number; readonly owner: string },
): void {
  const temporary = temporaryName(path, owner)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const descriptor = openSync(temporary, 'w', 0o600)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
    setTimes(descriptor, internalDate)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(temporary, path)
}

/** The file's time is the message's internal date, so that it survives the loss of the index. */
function setTimes(descriptor: number, internalDate: number): void {
  if (internalDate >= 0) futimesSync(descriptor, internalDate, internalDate)
}

/** Moves what lies at `path` into the partition's quarantine, under a name that says where it was. Returns the new path. */
export function quarantine(config: StoreConfig, partition: string, path: string): string {
  const root = partitionPath(config, partition)
  const directory = join(root, quarantineDirectory)
  makeDirectories(directory)
  const was = path.slice(root.length + 1).replaceAll('/', '_')
  for (let number = 0; ; number++) {
    const to = join(directory, `${was}.${Date.now()}.${number}`)
    try {
      linkSync(path, to)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      renameSync(path, to)
      return to
    }
    // Both are names of one file now: a rename would leave them both.
    unlinkSync(path)
    return to
  }
}
