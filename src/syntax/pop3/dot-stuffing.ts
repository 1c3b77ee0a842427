/** A message as the body of a multi-line response: dots at the start of lines doubled. RFC 1939 §3 */

const DOT = Buffer.from('.')
const CRLF = Buffer.from('\r\n')
const STUFFED = Buffer.from('\n.')
/** Octets of a piece. */
const PIECE = 64 * 1024

/** Slices of the message, not copied, ending with CRLF; the line with the final dot is the caller's. */
export function* dotStuffed(message: Buffer): Generator<Buffer> {
  if (message[0] === DOT[0]) yield DOT
  let from = 0
  for (let at = message.indexOf(STUFFED); at >= 0; at = message.indexOf(STUFFED, from)) {
    yield* pieces(message, { from, to: at + 1 })
    yield DOT
    from = at + 1
  }
  yield* pieces(message, { from, to: message.length })
  if (message.length > 0 && !message.subarray(-2).equals(CRLF)) yield CRLF
}

function* pieces(message: Buffer, { from, to }: { from: number; to: number }): Generator<Buffer> {
  for (let at = from; at < to; at += PIECE) yield message.subarray(at, Math.min(to, at + PIECE))
}

/** The header, the blank line and so many lines of the body. RFC 1939 §7 */
export function topOf(message: Buffer, lines: number): Buffer {
  const blank = message.indexOf('\r\n\r\n')
  if (message.subarray(0, 2).equals(CRLF)) return cut(message, { from: 2, lines })
  return blank < 0 ? message : cut(message, { from: blank + 4, lines })
}

function cut(message: Buffer, { from, lines }: { from: number; lines: number }): Buffer {
  let at = from
  for (let line = 0; line < lines; line++) {
    const end = message.indexOf(10, at)
    if (end < 0) return message
    at = end + 1
  }
  return message.subarray(0, at)
}
