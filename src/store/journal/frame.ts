/** A frame of a journal segment: one message's bytes and what start-up must know to find its records. docs/format.md */
import { crc32 } from 'node:zlib'
import type { MailboxId } from '../types.js'

const magic = 0x31464741 // "AGF1", little-endian
const fixedHead = 48
/** More targets than this, and the message goes through a stage file. */
export const maxTargets = 100
/** Frames of a round begin on such a boundary: a page with acknowledged bytes is never written again. */
export const pageSize = 4096

export interface FrameHead {
  readonly segment: number
  /** Of the frame in its segment. */
  readonly offset: number
  /** Octets of the message. */
  readonly length: number
  readonly sha1: Buffer
  /** UTC seconds. */
  readonly internalDate: number
  readonly mailboxes: readonly MailboxId[]
  /** Octets before the message's bytes. */
  readonly headLength: number
}

export const headLength = (targets: number): number => fixedHead + targets * 4 + 4

export function writeHead(frame: Omit<FrameHead, 'headLength'>): Buffer {
  const bytes = Buffer.alloc(headLength(frame.mailboxes.length))
  bytes.writeUInt32LE(magic, 0)
  bytes.writeUInt32LE(frame.segment, 4)
  bytes.writeUInt32LE(frame.offset, 8)
  bytes.writeUInt32LE(frame.length, 12)
  frame.sha1.copy(bytes, 16)
  bytes.writeUInt32LE(frame.mailboxes.length, 36)
  bytes.writeDoubleLE(frame.internalDate, 40)
  for (const [index, mailbox] of frame.mailboxes.entries()) bytes.writeUInt32LE(mailbox, fixedHead + index * 4)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
  return bytes
}

/** The head at the start of `bytes`, if it is whole and stands where it says it stands. */
export function readHead(
  bytes: Buffer,
  where: { readonly segment: number; readonly offset: number },
): FrameHead | undefined {
  if (bytes.length < fixedHead || bytes.readUInt32LE(0) !== magic) return undefined
  const count = bytes.readUInt32LE(36)
  const length = headLength(count)
  if (count > maxTargets || bytes.length < length) return undefined
  if (crc32(bytes.subarray(0, length - 4)) !== bytes.readUInt32LE(length - 4)) return undefined
  if (bytes.readUInt32LE(4) !== where.segment || bytes.readUInt32LE(8) !== where.offset) return undefined
  const mailboxes = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(fixedHead + index * 4) as MailboxId)
  return {
    segment: where.segment,
    offset: where.offset,
    length: bytes.readUInt32LE(12),
    sha1: Buffer.from(bytes.subarray(16, 36)),
    internalDate: bytes.readDoubleLE(40),
    mailboxes,
    headLength: length,
  }
}
