// string, astring, nstring, literal8 and how to write them: quoted, literal, NIL and literal8 are chosen here alone.

import { Bad } from './bad.js'
import { ASTRING, endOfRun, isOf, QUOTED } from './characters.js'
import type { Reader } from './reader.js'

const DQUOTE = 0x22
const BACKSLASH = 0x5c
const EMPTY = Buffer.alloc(0)
/** Longer strings are sent as literals, so that no client's line limit is met. */
const LONGEST_QUOTED = 1024

/** string = quoted / literal RFC 9051 §9 */
export function readString(input: Reader): Buffer {
  if (input.atLiteral) return readLiteral(input)
  if (input.peek() !== DQUOTE) throw new Bad(`Expected a string ${input.where()}`)
  return readQuoted(input)
}

/** literal, whatever was announced; NUL is allowed in literal8 only. RFC 9051 §4.3 */
export function readLiteral(input: Reader): Buffer {
  const { announced, bytes } = input.literal()
  if (!announced.binary && bytes.includes(0)) throw new Bad('NUL in a literal')
  return bytes
}

/** astring = 1*ASTRING-CHAR / string */
export function readAstring(input: Reader): Buffer {
  if (isOf(input.peek(), ASTRING)) return Buffer.from(input.astringAtom(), 'latin1')
  return readString(input)
}

/** nstring = string / nil */
export function readNstring(input: Reader): Buffer | null {
  return input.acceptWord('NIL') ? null : readString(input)
}

/** quoted = DQUOTE *QUOTED-CHAR DQUOTE; 8-bit octets pass and are checked by whoever knows their charset. */
function readQuoted(input: Reader): Buffer {
  input.expect('"')
  const pieces: Buffer[] = []
  for (;;) {
    const piece = input.until((octet) => !isOf(octet, QUOTED))
    if (piece.length > 0) pieces.push(piece)
    if (input.accept('"')) break
    if (input.peek() !== BACKSLASH) throw new Bad(`Unterminated or invalid quoted string ${input.where()}`)
    input.skip()
    const escaped = input.peek()
    if (escaped !== DQUOTE && escaped !== BACKSLASH) throw new Bad(`Invalid quoted string ${input.where()}`)
    pieces.push(Buffer.of(escaped))
    input.skip()
  }
  return pieces.length === 1 ? (pieces[0] ?? EMPTY) : Buffer.concat(pieces)
}

// Writing. A "wire string" is a string in which each character is one octet (latin1), so that pieces can be joined
// as strings and written to the connection without another look.

/** UTF-8 text as a wire string. */
export function utf8Wire(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return Buffer.from(text, 'utf8').toString('latin1')
  }
  return text
}

/** string: quoted where 7-bit, short and without CR, LF and NUL; else a literal (literal8 when it holds NUL). */
export function writeString(wire: string): string {
  if (wire.length > LONGEST_QUOTED) return writeLiteral(wire)
  let escaped = false
  for (let i = 0; i < wire.length; i++) {
    const octet = wire.charCodeAt(i)
    if (octet > 0x7e || octet < 0x20) return writeLiteral(wire)
    if (octet === DQUOTE || octet === BACKSLASH) escaped = true
  }
  return escaped ? `"${wire.replace(/["\\]/g, '\\$&')}"` : `"${wire}"`
}

/** nstring: NIL for null. */
export function writeNstring(wire: string | null | undefined): string {
  return wire === null || wire === undefined ? 'NIL' : writeString(wire)
}

/** astring: an atom where possible, except that NIL is quoted. */
export function writeAstring(wire: string): string {
  if (wire.length === 0 || wire.length > LONGEST_QUOTED) return writeString(wire)
  for (let i = 0; i < wire.length; i++) if (!isOf(wire.charCodeAt(i), ASTRING)) return writeString(wire)
  return wire.length === 3 && wire.toUpperCase() === 'NIL' ? `"${wire}"` : wire
}

/** A quoted string may hold UTF-8 once the client enabled it. RFC 9051 §5.1, RFC 6855 §3 */
export function writeUtf8String(wire: string): string {
  if (wire.length > LONGEST_QUOTED) return writeLiteral(wire)
  const bytes = Buffer.from(wire, 'latin1')
  if (endOfRun(bytes, 0, QUOTED) === bytes.length) return `"${wire}"`
  return /[\0-\x08\x0a-\x1f\x7f]/.test(wire) ? writeLiteral(wire) : `"${wire.replace(/["\\]/g, '\\$&')}"`
}

/** literal = "{" number64 "}" CRLF *CHAR8; the tilde form when it holds NUL. */
export function writeLiteral(wire: string): string {
  return `${literalHead(wire.length, wire.includes('\0'))}${wire}`
}

/** What stands before the bytes of a literal that is sent apart. */
export function literalHead(size: number, binary = false): string {
  return binary ? `~{${size}}\r\n` : `{${size}}\r\n`
}
