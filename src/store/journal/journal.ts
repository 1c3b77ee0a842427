/** The journal of one process: messages' bytes appended to a segment, a round at a time, each round one sync. */
import { closeSync, fdatasyncSync, writevSync } from 'node:fs'
import type { MailboxId } from '../types.js'
import { headLength, pageSize, writeHead } from './frame.js'
import { makeSegment } from './segment.js'

export interface JournalEntry {
  readonly bytes: Buffer
  readonly sha1: Buffer
  readonly internalDate: number
  readonly mailboxes: readonly MailboxId[]
}

export interface JournalOptions {
  readonly directory: string
  readonly owner: string
  /** Octets of a segment. */
  readonly segmentSize: number
  /** A number that no segment ever had. */
  readonly nextSegment: () => number
  /** A free file to be used again, if there is one. */
  readonly free: () => string | undefined
  /** Told when a segment takes no more frames. */
  readonly full: (segment: number) => void
  readonly step: (name: string) => void
}

export class Journal {
  readonly #options: JournalOptions
  #descriptor = -1
  #segment = 0
  #at = 0

  constructor(options: JournalOptions) {
    this.#options = options
  }

  /** Writes the messages and syncs. Returns each one's segment and offset, in order. @throws Error of the disk */
  write(entries: readonly JournalEntry[]): { segment: number; frame: number }[] {
    const places: { segment: number; frame: number }[] = []
    for (let from = 0; from < entries.length; ) from = this.#writeSome(entries, from, places)
    return places
  }

  /** Writes as many entries as the segment has room for. Returns the index of the next. */
  #writeSome(entries: readonly JournalEntry[], from: number, places: { segment: number; frame: number }[]): number {
    this.#at = Math.ceil(this.#at / pageSize) * pageSize
    if (this.#descriptor < 0 || this.#at + lengthOf(entries[from]) > this.#options.segmentSize) this.#openNext()
    const start = this.#at
    const buffers: Buffer[] = []
    let to = from
    for (; to < entries.length && this.#at + lengthOf(entries[to]) <= this.#options.segmentSize; to++) {
      const entry = entries[to]
      if (!entry) break
      const { bytes, sha1, internalDate, mailboxes } = entry
      const head = { segment: this.#segment, offset: this.#at, length: bytes.length, sha1, internalDate, mailboxes }
      buffers.push(writeHead(head), bytes)
      places.push({ segment: this.#segment, frame: this.#at })
      this.#at += lengthOf(entry)
    }
    this.#options.step('journal.write')
    writeAll(this.#descriptor, buffers, start)
    this.#options.step('journal.sync')
    fdatasyncSync(this.#descriptor)
    return to
  }

  #openNext(): void {
    this.close()
    const { directory, owner, segmentSize, nextSegment, free, step } = this.#options
    this.#segment = nextSegment()
    step('journal.segment')
    this.#descriptor = makeSegment(directory, { segment: this.#segment, owner, size: segmentSize, free: free() })
    this.#at = pageSize
  }

  /** Ends the current segment: it can be freed once its files are safe. */
  close(): void {
    if (this.#descriptor < 0) return
    closeSync(this.#descriptor)
    this.#descriptor = -1
    this.#options.full(this.#segment)
  }
}

const lengthOf = (entry: JournalEntry | undefined): number =>
  entry ? headLength(entry.mailboxes.length) + entry.bytes.length : 0

/** At most this many buffers in one writev: the kernel's limit. */
const maxVector = 1024

function writeAll(descriptor: number, buffers: readonly Buffer[], start: number): void {
  let at = start
  for (let first = 0; first < buffers.length; first += maxVector) {
    const part = buffers.slice(first, first + maxVector)
    const total = part.reduce((sum, buffer) => sum + buffer.length, 0)
    let written = writevSync(descriptor, part, at)
    // A short write: the rest in one piece.
    while (written < total) {
      const rest = Buffer.concat(part).subarray(written)
      const more = writevSync(descriptor, [rest], at + written)
      if (more === 0) throw new Error('the journal segment takes no more bytes')
      written += more
    }
    at += total
  }
}
