/** Reading tokens, comments and quoted strings inside one header field, as lenient as Cyrus is. */

/** A position in one field's value; `at` moves, bytes outside [at, end) are never read. */
export interface Cursor {
  readonly view: Buffer
  at: number
  readonly end: number
}

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const OPEN = 0x28
const CLOSE = 0x29
const BACKSLASH = 0x5c

/** token of RFC 2045 §5.1: ASCII without white space, control characters (but, as in Cyrus, with DEL) and tspecials. */
const tokenByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > SPACE && byte <= 0x7f && !'()<>@,;:\\"/[]?='.includes(String.fromCharCode(byte)) ? 1 : 0,
)

/** The byte under the cursor, or -1 at the end. */
export function peek(cursor: Cursor): number {
  return cursor.at < cursor.end ? (cursor.view[cursor.at] as number) : -1
}

/** Also vertical tab and form feed. */
export function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CR)
}

/** Past white space, folds and nested comments. An unbalanced comment swallows the rest. */
export function skipSpace(cursor: Cursor): void {
  for (;;) {
    const byte = peek(cursor)
    if (byte === OPEN) skipComment(cursor)
    else if (isSpace(byte)) cursor.at++
    else return
  }
}

function skipComment(cursor: Cursor): void {
  let depth = 0
  while (cursor.at < cursor.end) {
    const byte = cursor.view[cursor.at++]
    if (byte === BACKSLASH) cursor.at = Math.min(cursor.at + 1, cursor.end)
    else if (byte === OPEN) depth++
    else if (byte === CLOSE && --depth === 0) return
  }
}

/** The token under the cursor, as it stands; empty if there is none. */
export function readToken(cursor: Cursor): string {
  const start = cursor.at
  while (cursor.at < cursor.end && tokenByte[cursor.view[cursor.at] as number] === 1) cursor.at++
  return cursor.view.toString('latin1', start, cursor.at)
}

/**
 * A quoted string, the cursor on its first quote: bytes as latin1 text, backslashes and folds undone.
 * Undefined if it does not end or holds a CR that folds nothing.
 */
export function readQuoted(cursor: Cursor): string | undefined {
  const { view } = cursor
  let text = ''
  let from = ++cursor.at
  for (; cursor.at < cursor.end; cursor.at++) {
    const byte = view[cursor.at]
    if (byte !== QUOTE && byte !== BACKSLASH && byte !== CR && byte !== LF) continue
    text += view.toString('latin1', from, cursor.at)
    if (byte === QUOTE) {
      cursor.at++
      return text
    }
    if (byte === CR && view[cursor.at + 1] !== LF) return undefined
    if (byte === CR) cursor.at++
    from = cursor.at + 1
    if (byte === BACKSLASH) cursor.at++
  }
  return undefined
}
