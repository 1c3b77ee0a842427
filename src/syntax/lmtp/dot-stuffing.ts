// Message data on the wire: dots doubled at the start of lines, and CR LF "." CR LF at the end. RFC 5321 §4.5.2

const CR = 0x0d
const LF = 0x0a
const dot = 0x2e

const stuffedLine = Buffer.from('\r\n.')

/** What of CR LF "." CR LF the bytes so far end with. */
type Seen = 'nothing' | 'cr' | 'lf' | 'dot' | 'dotCr'

/**
 * Takes dots away from data that comes in any slices. Only CR LF "." CR LF ends a message: a bare LF or a bare CR is data
 * like any other and begins no line, so that no message can be hidden in another. Slices are handed on without copying.
 */
export class Unstuffer {
  /** The data begins at the start of a line. */
  #seen: Seen = 'lf'

  /**
   * Hands the message's bytes in `chunk` to `sink`. Answers where the message ended (the index after its last LF), or -1
   * if it goes on.
   */
  push(chunk: Buffer, sink: (bytes: Buffer) => void): number {
    let at = 0
    for (;;) {
      at = this.#finishSeen(chunk, at, sink)
      if (at < 0) return -at - 1
      if (at >= chunk.length) return -1
      const found = chunk.indexOf(stuffedLine, at)
      if (found < 0) {
        this.#seen = tail(chunk, at)
        sink(at === 0 ? chunk : chunk.subarray(at))
        return -1
      }
      sink(chunk.subarray(at, found + 2))
      at = found + 2
      this.#seen = 'lf'
    }
  }

  /** Goes on from `at` while a sequence is open. A negative answer is the end of the message: -(index) - 1. */
  #finishSeen(chunk: Buffer, start: number, sink: (bytes: Buffer) => void): number {
    let at = start
    while (this.#seen !== 'nothing' && at < chunk.length) {
      const c = chunk[at]
      if (this.#seen === 'lf') {
        this.#seen = c === dot ? 'dot' : 'nothing'
        if (c !== dot) return at
        at++
      } else if (this.#seen === 'cr') {
        // The CR was handed on; with this LF a line begins.
        this.#seen = c === LF ? 'lf' : 'nothing'
        if (c !== LF) return at
        sink(chunk.subarray(at, at + 1))
        at++
      } else if (this.#seen === 'dot') {
        this.#seen = c === CR ? 'dotCr' : 'nothing'
        if (c !== CR) return at
        at++
      } else {
        if (c === LF) return -(at + 1) - 1
        // The dot was a stuffed one; the CR belongs to the message, and what follows is looked at as usual.
        sink(carriageReturn)
        this.#seen = 'nothing'
        return at
      }
    }
    return at
  }
}

const carriageReturn = Buffer.from('\r')

/** What the bytes from `at` on end with. */
function tail(chunk: Buffer, at: number): Seen {
  const last = chunk[chunk.length - 1]
  if (last === CR) return 'cr'
  return last === LF && chunk.length - 2 >= at && chunk[chunk.length - 2] === CR ? 'lf' : 'nothing'
}

/** Doubles dots, for messages that come in any slices: our tools, tests, relaying. Slices are handed on without copying. */
export class Stuffer {
  #seen: 'nothing' | 'cr' | 'lf' = 'lf'
  #empty = true

  /** The slice as it goes over the wire. */
  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = []
    let at = 0
    for (let i = 0; i < chunk.length; i++) {
      const c = chunk[i]
      if (c === dot && this.#seen === 'lf') {
        out.push(chunk.subarray(at, i + 1))
        at = i // the dot once more
      }
      this.#seen = c === CR ? 'cr' : c === LF && this.#seen === 'cr' ? 'lf' : 'nothing'
      if (this.#seen === 'nothing') i = nextStop(chunk, i)
    }
    if (chunk.length > 0) this.#empty = false
    out.push(chunk.subarray(at))
    return out
  }

  /** What ends the message: its last line end, if it has none, and the dot. */
  end(): Buffer {
    return Buffer.from(this.#empty || this.#seen === 'lf' ? '.\r\n' : this.#seen === 'cr' ? '\n.\r\n' : '\r\n.\r\n')
  }
}

/** The index before the next CR, or of the last octet. */
function nextStop(chunk: Buffer, from: number): number {
  const next = chunk.indexOf(CR, from + 1)
  return (next < 0 ? chunk.length : next) - 1
}

/** A whole message as it goes over the wire, its end included. */
export function stuff(message: Buffer): Buffer {
  const stuffer = new Stuffer()
  return Buffer.concat([...stuffer.push(message), stuffer.end()])
}
