/** One message's record: 128 octets of a chunk, read in place. */
import type { ModSeq, Uid } from './types.js'

export const recordSize = 128

/** Offsets in a record; integers are little-endian. docs/format.md */
export const field = {
  uid: 0, // u32
  flags: 4, // u32
  modSeq: 8, // u32 low, u32 high
  internalDate: 16, // f64, UTC seconds
  saveDate: 24, // u32, UTC seconds
  marks: 28, // u32, bits: `mark`
  fileSize: 32, // u32
  size: 36, // u32
  keywords: 40, // 16 octets, bit n of octet n >> 3
  sha1: 56, // 20 octets
  sha256: 76, // 32 octets
  segment: 108, // u32
  frame: 112, // u32
  threadId: 116, // 8 octets
  reserved: 124, // u32, zero
} as const

export const mark = {
  /** The stored bytes are not what IMAP shows (bare LF, NUL). */
  repairedView: 1,
} as const

/** A read-only view of one record; valid as long as somebody holds it, whatever happens to the mailbox. */
export class MessageRecord {
  readonly #bytes: Buffer
  readonly #at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  get uid(): Uid {
    return this.#bytes.readUInt32LE(this.#at + field.uid) as Uid
  }
  /** Bits of `flag` (types.ts). \Seen is the owner's, or everybody's where the mailbox has `sharedSeen`. */
  get flags(): number {
    return this.#bytes.readUInt32LE(this.#at + field.flags)
  }
  get modSeq(): ModSeq {
    return readModSeq(this.#bytes, this.#at + field.modSeq)
  }
  /** UTC seconds. RFC 9051 §2.3.3 */
  get internalDate(): number {
    return this.#bytes.readDoubleLE(this.#at + field.internalDate)
  }
  /** UTC seconds when it came into this mailbox. RFC 8514 */
  get saveDate(): number {
    return this.#bytes.readUInt32LE(this.#at + field.saveDate)
  }
  /** Octets as IMAP shows them: RFC822.SIZE. */
  get size(): number {
    return this.#bytes.readUInt32LE(this.#at + field.size)
  }
  /** Octets of the message file. */
  get fileSize(): number {
    return this.#bytes.readUInt32LE(this.#at + field.fileSize)
  }
  /** Whether what IMAP shows differs from the bytes of the file (bare LF shown as CR LF, NUL as 0x80). */
  get repairedView(): boolean {
    return (this.#bytes.readUInt32LE(this.#at + field.marks) & mark.repairedView) !== 0
  }
  /** The numbers of the keywords set (index into `MailboxEntry.keywords`), rising. */
  get keywords(): number[] {
    const numbers: number[] = []
    for (let octet = 0; octet < 16; octet++) {
      const bits = this.#bytes[this.#at + field.keywords + octet] ?? 0
      for (let bit = 0; bits >> bit !== 0; bit++) if (bits & (1 << bit)) numbers.push(octet * 8 + bit)
    }
    return numbers
  }
  hasKeyword(number: number): boolean {
    return ((this.#bytes[this.#at + field.keywords + (number >> 3)] ?? 0) & (1 << (number & 7))) !== 0
  }
  /** 20 octets, a copy: SHA-1 of the file's bytes. */
  get sha1(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at + field.sha1, this.#at + field.sha1 + 20))
  }
  /** 32 octets, a copy: SHA-256 of the file's bytes. */
  get sha256(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at + field.sha256, this.#at + field.sha256 + 32))
  }
  /** 8 octets, a copy. RFC 8474 THREADID */
  get threadId(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at + field.threadId, this.#at + field.threadId + 8))
  }
  /** Where its bytes were first made safe: a journal segment's number (0: none) and the frame's offset. */
  get journalled(): { readonly segment: number; readonly frame: number } {
    return {
      segment: this.#bytes.readUInt32LE(this.#at + field.segment),
      frame: this.#bytes.readUInt32LE(this.#at + field.frame),
    }
  }
  /** The record's own octets, a copy, for moving it elsewhere. */
  copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at, this.#at + recordSize))
  }
}

export function readModSeq(bytes: Buffer, at: number): ModSeq {
  return (bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000) as ModSeq
}

export function writeModSeq(bytes: Buffer, at: number, modSeq: number): void {
  bytes.writeUInt32LE(modSeq >>> 0, at)
  bytes.writeUInt32LE(Math.floor(modSeq / 0x1_0000_0000), at + 4)
}
