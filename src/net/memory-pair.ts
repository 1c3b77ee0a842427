/** Two streams joined back to back: what one writes the other reads. Sessions are tested over it, without a socket. */
import { Duplex } from 'node:stream'

class Half extends Duplex {
  other: Half | undefined
  #written: (() => void) | undefined
  #over = false

  override _read(): void {
    const written = this.#written
    this.#written = undefined
    written?.()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // Never in the caller's own turn: a socket would not either, and a TLS handshake counts on it.
    process.nextTick(() => {
      const other = this.other
      if (!other || other.destroyed || other.accept(chunk, done)) done()
    })
  }

  override _final(done: () => void): void {
    this.other?.over()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const other = this.other
    this.other = undefined
    this._read()
    setImmediate(() => other?.over())
    done(error)
  }

  /** False: the reader is full, `done` is called when it reads on. */
  accept(chunk: Buffer, done: () => void): boolean {
    if (this.#over || this.push(chunk)) return true
    this.#written = done
    return false
  }

  /** The other end sends no more. */
  over(): void {
    if (this.#over || this.destroyed) return
    this.#over = true
    this.push(null)
  }
}

/** A stream whose two ends are in this process. Closing one end is the end of input at the other. */
export function memoryPair(): [Duplex, Duplex] {
  const [left, right] = [new Half(), new Half()]
  left.other = right
  right.other = left
  return [left, right]
}
