/** What a command gives back: answers on the way, and how it ended. */

/** A string is one line, without CRLF, each character one octet; a Buffer is bytes as they are. */
export type Output = string | Buffer

/** How a command ended well: `a OK [code] text`. */
export interface Completion {
  readonly code?: string
  readonly text?: string
  /** What the session does once the answer is sent. */
  readonly next?: 'startTls' | 'compress' | 'logout'
}

// biome-ignore lint/suspicious/noConfusingVoidType: a generator that ends without a return means OK Completed
export type Answers = AsyncGenerator<Output, Completion | void, void>

/** What a command runs as: a generator, or a promise where it has nothing to say on the way. */
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export type Run = Answers | Promise<Completion | void>

/** The command was refused: `a NO [code] text`. RFC 9051 §7.1.2 */
export class No extends Error {
  override readonly name = 'No'
  readonly code: string | undefined

  constructor(message: string, code?: string) {
    super(message)
    this.code = code
  }
}

/** The session must end at once: `* BYE text`. RFC 9051 §7.1.5 */
export class Bye extends Error {
  override readonly name = 'Bye'
}

/** Octets that are put together before they go to the session. */
const PIECE = 192 * 1024
/** Buffers up to this size are copied; larger ones go out as they are. */
const COPIED = 8 * 1024
const FIRST_CHUNK = 1024
const CHUNK = 64 * 1024

/** Collects lines and bytes, so that a long answer goes out in few large pieces. */
export class Pieces {
  #chunk: Buffer | undefined
  #at = 0
  #done: Buffer[] = []
  #size = 0

  /** Wire text as it is, CRLF included. */
  text(wire: string): void {
    const length = wire.length
    this.#size += length
    const chunk = this.#room(length)
    chunk.write(wire, this.#at, length, 'latin1')
    this.#at += length
  }

  /** Bytes as they are; the buffer must not change until it has been sent. */
  bytes(bytes: Buffer): void {
    this.#size += bytes.length
    if (bytes.length > COPIED) {
      this.#cut()
      this.#done.push(bytes)
      return
    }
    const chunk = this.#room(bytes.length)
    bytes.copy(chunk, this.#at)
    this.#at += bytes.length
  }

  get full(): boolean {
    return this.#size >= PIECE
  }

  /** What has been collected. */
  take(): Buffer[] {
    this.#cut()
    const done = this.#done
    this.#done = []
    this.#size = 0
    return done
  }

  #room(length: number): Buffer {
    const chunk = this.#chunk
    if (chunk !== undefined && chunk.length - this.#at >= length) return chunk
    const first = chunk === undefined && this.#done.length === 0
    this.#cut()
    const fresh = Buffer.allocUnsafe(Math.max(length, first ? FIRST_CHUNK : CHUNK))
    this.#chunk = fresh
    this.#at = 0
    return fresh
  }

  #cut(): void {
    if (this.#chunk !== undefined && this.#at > 0) this.#done.push(this.#chunk.subarray(0, this.#at))
    this.#chunk = undefined
    this.#at = 0
  }
}
