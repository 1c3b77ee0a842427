/** Writing IMAP answers straight into bytes: what the cache keeps ready for the wire. */

/** Bytes that grow; `length` of them are written. */
export interface Wire {
  bytes: Buffer
  length: number
}

export function newWire(size = 1024): Wire {
  return { bytes: Buffer.allocUnsafe(size), length: 0 }
}

/** The written bytes, copied to a Buffer of their own size. */
export function wireBytes({ bytes, length }: Wire): Buffer {
  return Buffer.from(bytes.subarray(0, length))
}

function reserve(wire: Wire, more: number): void {
  if (wire.length + more <= wire.bytes.length) return
  const grown = Buffer.allocUnsafe(Math.max(wire.bytes.length * 2, wire.length + more))
  wire.bytes.copy(grown, 0, 0, wire.length)
  wire.bytes = grown
}

/** Characters below 256, each one byte. */
export function put(wire: Wire, text: string): void {
  const { length } = text
  reserve(wire, length)
  if (length > 40) {
    wire.length += wire.bytes.write(text, wire.length, 'latin1')
    return
  }
  const { bytes } = wire
  for (let index = 0, to = wire.length; index < length; index++, to++) bytes[to] = text.charCodeAt(index)
  wire.length += length
}

export function putNumber(wire: Wire, value: number): void {
  put(wire, String(value))
}

/** From here on Cyrus sends a literal. */
const LITERAL_LENGTH = 1024
/** QUOTED-CHAR as Cyrus understands it: no 8-bit, no line end, and nothing that would need a backslash; nor a percent sign. */
const quotable = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0 || byte > 0x7f || '\r\n"%\\'.includes(String.fromCharCode(byte)) ? 0 : 1,
)

/** string or nil: quoted or a literal as Debian's Cyrus 3.6 chooses. RFC 9051 §4.3 */
export function putNstring(wire: Wire, text: string | undefined): void {
  if (text === undefined) put(wire, 'NIL')
  else if (isQuotable(text)) {
    put(wire, '"')
    put(wire, text)
    put(wire, '"')
  } else {
    put(wire, `{${text.length}}\r\n`)
    put(wire, text)
  }
}

function isQuotable(text: string): boolean {
  if (text.length >= LITERAL_LENGTH) return false
  for (let index = 0; index < text.length; index++) if (quotable[text.charCodeAt(index) & 0xff] === 0) return false
  return true
}
