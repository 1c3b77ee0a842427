// Cuts an IMAP byte stream into commands: lines and literals, in whatever slices the bytes arrive.

import { literalAnnouncement } from './literal.js'

/**
 * What the framer found next.
 * - `command`: a whole command; even parts are lines without CRLF (still ending in the literal's announcement), odd
 *   parts are the literals' bytes. A streamed or discarded literal stands as an empty part.
 * - `literal`: a literal is announced. The caller answers with `accept`, `stream`, `discard` or, when it is
 *   synchronizing, `refuse`; nothing more is found before that.
 * - `bytes`: a piece of a literal that is being streamed; `last` on its final (perhaps empty) piece.
 * - `tooLong`: a line passed the limit; it is skipped up to its end. `start` holds its first bytes, for the tag.
 */
export type Framed =
  | { readonly kind: 'command'; readonly parts: readonly Buffer[] }
  | {
      readonly kind: 'literal'
      readonly size: number
      readonly synchronizing: boolean
      readonly binary: boolean
      readonly parts: readonly Buffer[]
    }
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly last: boolean }
  | { readonly kind: 'tooLong'; readonly start: Buffer }

export interface FramingLimits {
  /** Longest line in octets, CRLF not counted. */
  readonly line: number
  /** Most octets of one command's lines and accepted literals together; streamed literals are not counted. */
  readonly command: number
}

const LF = 10
const CR = 13
const EMPTY = Buffer.alloc(0)

type Mode =
  | { kind: 'line' }
  | { kind: 'skipLine' }
  | { kind: 'asked'; size: number }
  | { kind: 'literal'; left: number }
  | { kind: 'streaming'; left: number }
  | { kind: 'discarding'; left: number }

/** One connection's framing. It never throws on what it is fed; it keeps at most one command plus one chunk. */
export class Framer {
  #limits: FramingLimits
  #mode: Mode = { kind: 'line' }
  #chunks: Buffer[] = []
  #buffered = 0
  #searched = 0
  #searchedChunks = 0
  #parts: Buffer[] = []
  #held = 0

  constructor(limits: FramingLimits) {
    this.#limits = limits
  }

  /** Adds bytes as they came from the connection; the buffer now belongs to the framer. */
  push(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#chunks.push(bytes)
    this.#buffered += bytes.length
  }

  /** Octets received and not yet part of anything found. */
  get waiting(): number {
    return this.#buffered
  }

  /** The next thing found, or undefined until more bytes are pushed (or the literal question is answered). */
  next(): Framed | undefined {
    for (;;) {
      switch (this.#mode.kind) {
        case 'asked':
          return undefined
        case 'line': {
          const found = this.#nextLine()
          if (found !== 'again') return found
          break
        }
        case 'skipLine':
          if (!this.#skipLine()) return undefined
          break
        case 'literal':
          if (this.#buffered < this.#mode.left) return undefined
          this.#parts.push(this.#take(this.#mode.left))
          this.#mode = { kind: 'line' }
          break
        case 'streaming':
          return this.#nextPiece(this.#mode)
        case 'discarding': {
          this.#mode.left -= this.#takeUpTo(this.#mode.left).length
          if (this.#mode.left > 0) return undefined
          this.#parts.push(EMPTY)
          this.#mode = { kind: 'line' }
          break
        }
      }
    }
  }

  /** Whether a literal of that many octets fits into the command; ask before `accept`. */
  fits(size: number): boolean {
    return this.#held + size <= this.#limits.command
  }

  /** The announced literal becomes part of the command. */
  accept(): void {
    const size = this.#asked()
    this.#held += size
    this.#mode = { kind: 'literal', left: size }
  }

  /** The announced literal comes as `bytes`, for a message that must not be held in memory. */
  stream(): void {
    this.#mode = { kind: 'streaming', left: this.#asked() }
  }

  /** The announced literal is read and thrown away; the command goes on with an empty part. RFC 7888 §4 */
  discard(): void {
    this.#mode = { kind: 'discarding', left: this.#asked() }
  }

  /** The command was answered without asking for its literal: the client starts a new one. RFC 9051 §4.3 */
  refuse(): void {
    this.#asked()
    this.#forget()
  }

  /** Takes all bytes not yet used: what follows STARTTLS must be dropped, what follows COMPRESS is compressed. */
  takeRest(): Buffer {
    return this.#take(this.#buffered)
  }

  #asked(): number {
    if (this.#mode.kind !== 'asked') throw new Error('no literal was announced')
    return this.#mode.size
  }

  #forget(): void {
    this.#parts = []
    this.#held = 0
    this.#mode = { kind: 'line' }
  }

  #nextPiece(mode: { kind: 'streaming'; left: number }): Framed | undefined {
    if (mode.left > 0 && this.#buffered === 0) return undefined
    const first = this.#chunks[0]
    const bytes = first === undefined || mode.left === 0 ? EMPTY : this.#take(Math.min(first.length, mode.left))
    mode.left -= bytes.length
    const last = mode.left === 0
    if (last) {
      this.#parts.push(EMPTY)
      this.#mode = { kind: 'line' }
    }
    return { kind: 'bytes', bytes, last }
  }

  #nextLine(): Framed | 'again' | undefined {
    const end = this.#findLineEnd()
    if (end === undefined) return this.#buffered > this.#limits.line + 1 ? this.#tooLong() : undefined
    if (end > this.#limits.line + 1 || this.#held + end > this.#limits.command + 2) return this.#tooLong()
    const raw = this.#take(end + 1)
    const line = raw.subarray(0, end > 0 && raw[end - 1] === CR ? end - 1 : end)
    this.#held += line.length
    this.#parts.push(line)
    const literal = literalAnnouncement(line)
    if (literal === undefined) {
      const parts = this.#parts
      this.#forget()
      return { kind: 'command', parts }
    }
    this.#mode = { kind: 'asked', size: literal.size }
    return { kind: 'literal', ...literal, parts: this.#parts }
  }

  #tooLong(): Framed {
    const start = this.#parts[0] ?? this.#chunks[0] ?? EMPTY
    const framed: Framed = { kind: 'tooLong', start: Buffer.from(start.subarray(0, 200)) }
    this.#forget()
    this.#mode = { kind: 'skipLine' }
    return framed
  }

  #skipLine(): boolean {
    const end = this.#findLineEnd()
    this.#take(end === undefined ? this.#buffered : end + 1)
    if (end !== undefined) this.#mode = { kind: 'line' }
    return end !== undefined
  }

  /** Where the first LF is, counted from the first unused octet; never looks at a chunk twice. */
  #findLineEnd(): number | undefined {
    for (;;) {
      const chunk = this.#chunks[this.#searchedChunks]
      if (chunk === undefined) return undefined
      const at = chunk.indexOf(LF)
      if (at >= 0) return this.#searched + at
      this.#searched += chunk.length
      this.#searchedChunks++
    }
  }

  #takeUpTo(size: number): Buffer {
    return this.#take(Math.min(size, this.#buffered))
  }

  /** Removes exactly `size` octets from the front; copies only what lies in several chunks. */
  #take(size: number): Buffer {
    this.#searched = 0
    this.#searchedChunks = 0
    this.#buffered -= size
    const first = this.#chunks[0]
    if (first === undefined) return EMPTY
    if (first.length > size) {
      this.#chunks[0] = first.subarray(size)
      return first.subarray(0, size)
    }
    return this.#takeChunks(size)
  }

  #takeChunks(size: number): Buffer {
    const taken: Buffer[] = []
    let left = size
    let used = 0
    for (const chunk of this.#chunks) {
      if (left < chunk.length) break
      taken.push(chunk)
      left -= chunk.length
      used++
    }
    this.#chunks.splice(0, used)
    const rest = this.#chunks[0]
    if (left > 0 && rest !== undefined) {
      taken.push(rest.subarray(0, left))
      this.#chunks[0] = rest.subarray(left)
    }
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken, size)
  }
}
