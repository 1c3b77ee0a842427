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

/** The message as it goes over the wire, its end included. One copy. For clients: our tools, tests, relaying. */
export function stuff(message: Buffer): Buffer {
  const pieces: Buffer[] = []
  let at = 0
  if (message[0] === dot) pieces.push(Buffer.from('.'))
  for (let found = message.indexOf(stuffedLine); found >= 0; found = message.indexOf(stuffedLine, found + 2)) {
    pieces.push(message.subarray(at, found + 3), Buffer.from('.'))
    at = found + 3
  }
  pieces.push(message.subarray(at))
  const ended = message.length === 0 || (message.length >= 2 && message.indexOf('\r\n', message.length - 2) >= 0)
  pieces.push(Buffer.from(ended ? '.\r\n' : '\r\n.\r\n'))
  return Buffer.concat(pieces)
}
