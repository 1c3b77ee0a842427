/** Journal segments as files: their names and first page, making one, and reading frames back. */
import { closeSync, fstatSync, fsyncSync, openSync, readdirSync, readSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { syncDirectory } from '../spool/directory.js'
import { type FrameHead, headLength, maxTargets, pageSize, readHead } from './frame.js'

const zeroes = Buffer.alloc(1024 * 1024)

export const segmentPath = (directory: string, segment: number): string =>
  join(directory, `${segment.toString(16).padStart(8, '0')}.journal`)

/** Numbers of the segments that are in use or were when their process died. */
export function liveSegments(directory: string): number[] {
  return readdirSync(directory)
    .flatMap((file) => (/^[0-9a-f]{8}\.journal$/.test(file) ? [Number.parseInt(file, 16)] : []))
    .sort((a, b) => a - b)
}

/** Free segments that this process may take: `free.OWNER.N`. */
export const freePath = (directory: string, owner: string, number: number): string =>
  join(directory, `free.${owner}.${number}`)

/** The owner of a segment that is free or was never finished; undefined for other files. */
export const spareOwner = (file: string): string | undefined => /^(?:free|new)\.(.+)\.[0-9]+$/.exec(file)?.[1]

/**
 * Makes a segment of `size` octets, of a free file or a new one, whose name, size and first page are on stable storage when
 * it returns: zero-filled, so that a later fdatasync has no metadata to write. Returns the descriptor, open for writing.
 */
export function makeSegment(
  directory: string,
  {
    segment,
    owner,
    size,
    free,
  }: { readonly segment: number; readonly owner: string; readonly size: number; readonly free: string | undefined },
): number {
  const temporary = free ?? join(directory, `new.${owner}.${segment}`)
  const descriptor = openSync(temporary, free ? 'r+' : 'wx', 0o600)
  if (!free)
    for (let at = 0; at < size; at += zeroes.length)
      writeSync(descriptor, zeroes, 0, Math.min(zeroes.length, size - at), at)
  writeSync(descriptor, firstPage(segment, owner), 0, pageSize, 0)
  fsyncSync(descriptor)
  renameSync(temporary, segmentPath(directory, segment))
  syncDirectory(directory)
  return descriptor
}

function firstPage(segment: number, owner: string): Buffer {
  const page = Buffer.alloc(pageSize)
  const text = Buffer.from(`angarium journal 1\nsegment ${segment}\nowner ${owner}\n`)
  text.copy(page, 4)
  page.writeUInt32LE(crc32(page.subarray(4)), 0)
  return page
}

/** Who wrote a segment; undefined if its first page is damaged. */
export function segmentOwner(path: string): string | undefined {
  const page = Buffer.alloc(pageSize)
  const descriptor = openSync(path, 'r')
  try {
    if (readSync(descriptor, page, 0, pageSize, 0) < pageSize) return undefined
  } finally {
    closeSync(descriptor)
  }
  if (crc32(page.subarray(4)) !== page.readUInt32LE(0)) return undefined
  return /\nowner (\S+)\n/.exec(page.toString('latin1'))?.[1]
}

/** Every whole frame head of a segment, in order. A message's bytes are not read. */
export function* framesOf(path: string, segment: number): Generator<FrameHead> {
  const descriptor = openSync(path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    for (let offset = pageSize; offset < size; ) {
      const head = headAt(descriptor, { segment, offset })
      if (head) yield head
      // After the last frame of a round the next round begins at the next page.
      offset = head ? offset + head.headLength + head.length : nextPage(offset)
    }
  } finally {
    closeSync(descriptor)
  }
}

const nextPage = (offset: number): number => (Math.floor(offset / pageSize) + 1) * pageSize

function headAt(descriptor: number, where: { segment: number; offset: number }): FrameHead | undefined {
  const bytes = Buffer.alloc(headLength(maxTargets))
  const read = readSync(descriptor, bytes, 0, bytes.length, where.offset)
  return readHead(bytes.subarray(0, read), where)
}

/** A frame's message; undefined if the segment is gone or there is no such whole frame. */
export function readFrame(
  directory: string,
  where: { readonly segment: number; readonly offset: number },
): { readonly head: FrameHead; readonly bytes: Buffer } | undefined {
  let descriptor: number
  try {
    descriptor = openSync(segmentPath(directory, where.segment), 'r')
  } catch {
    return undefined
  }
  try {
    const head = headAt(descriptor, where)
    if (!head) return undefined
    const bytes = Buffer.allocUnsafe(head.length)
    const read = readSync(descriptor, bytes, 0, head.length, where.offset + head.headLength)
    return read === head.length ? { head, bytes } : undefined
  } finally {
    closeSync(descriptor)
  }
}
