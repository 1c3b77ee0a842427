/** Bytes that have arrived and were not taken yet, with lines cut off the front. */

const LF = 10
const CR = 13
/** So many small slices are joined into one, so that a sender of single octets costs no more than its octets. */
const MAX_CHUNKS = 64

export class ByteQueue {
  #chunks: Buffer[] = []
  #length = 0
  /** So many chunks at the front are known to hold no line feed. */
  #scanned = 0

  get length(): number {
    return this.#length
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#chunks.length >= MAX_CHUNKS) this.#join(this.#scanned === this.#chunks.length - 1 ? 'keep' : 'reset')
  }

  /** Put bytes back at the front. */
  unshift(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.unshift(chunk)
    this.#length += chunk.length
    this.#scanned = 0
  }

  /** Everything, as one Buffer; empty when there is nothing. */
  takeAll(): Buffer {
    const first = this.#chunks[0]
    const all = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks)
    this.clear()
    return all
  }

  /** At most `max` octets, as they lie: one slice, no copy. Empty when there is nothing. */
  takeSome(max: number): Buffer {
    const first = this.#chunks[0]
    if (!first) return Buffer.alloc(0)
    if (first.length <= max) {
      this.#chunks.shift()
      this.#length -= first.length
      this.#scanned = 0
      return first
    }
    this.#chunks[0] = first.subarray(max)
    this.#length -= max
    this.#scanned = 0
    return first.subarray(0, max)
  }

  /** The first line without its CRLF (or bare LF); undefined when no line is whole yet. */
  takeLine(): Buffer | undefined {
    for (; this.#scanned < this.#chunks.length; this.#scanned++) {
      const at = this.#chunks[this.#scanned]?.indexOf(LF) ?? -1
      if (at >= 0) return this.#cutLine(this.#scanned, at)
    }
    return undefined
  }

  clear(): void {
    this.#chunks = []
    this.#length = 0
    this.#scanned = 0
  }

  /** The line that ends at octet `at` of chunk `index`. */
  #cutLine(index: number, at: number): Buffer {
    const last = this.#chunks[index] ?? Buffer.alloc(0)
    const tail = last.subarray(0, at)
    const line = index === 0 ? tail : Buffer.concat([...this.#chunks.slice(0, index), tail])
    const rest = last.subarray(at + 1)
    this.#chunks.splice(0, index + 1, ...(rest.length > 0 ? [rest] : []))
    this.#length -= line.length + 1
    this.#scanned = 0
    return line.length > 0 && line[line.length - 1] === CR ? line.subarray(0, -1) : line
  }

  #join(scan: 'keep' | 'reset'): void {
    const last = this.#chunks.pop() ?? Buffer.alloc(0)
    this.#chunks = [Buffer.concat(this.#chunks), last]
    this.#scanned = scan === 'keep' ? 1 : 0
  }
}
