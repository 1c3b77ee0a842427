/** Compression of a connection from here on: raw deflate both ways, flushed whenever output pauses. RFC 4978 §3 */
import { Duplex } from 'node:stream'
import { createDeflateRaw, createInflateRaw, constants as zlib } from 'node:zlib'
import type { Connection } from './connection.js'

/** Octets of output and input that zlib may hold per connection are bounded by these window and memory levels. */
const OPTIONS = { windowBits: 13, memLevel: 6, level: 5, flush: zlib.Z_SYNC_FLUSH } as const

/** Both ends must have agreed on it. What is queued is sent uncompressed first. */
export async function startDeflate(connection: Connection): Promise<void> {
  await connection.addLayer(async (below) => new DeflateLayer(below))
}

class DeflateLayer extends Duplex {
  readonly #below: Duplex
  readonly #deflate = createDeflateRaw(OPTIONS)
  /** The peer may use the full window. */
  readonly #inflate = createInflateRaw()

  constructor(below: Duplex) {
    super({ writableHighWaterMark: 64 * 1024 })
    this.#below = below
    const fail = (error: Error): unknown => this.destroy(error)
    this.#deflate.on('error', fail)
    this.#inflate.on('error', fail)
    below.on('error', fail).once('close', () => this.destroy())
    this.#deflate.pipe(below)
    below.pipe(this.#inflate)
    this.#inflate.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) this.#inflate.pause()
    })
    this.#inflate.on('end', () => this.push(null))
  }

  override _read(): void {
    this.#inflate.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#deflate.write(chunk, done)
  }

  override _final(done: () => void): void {
    this.#deflate.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#deflate.destroy()
    this.#inflate.destroy()
    this.#below.destroy()
    done(error)
  }
}
