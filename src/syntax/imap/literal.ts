// literal = "{" number64 ["+"] "}" CRLF *CHAR8, and literal8 with "~" before it: the announcement at a line's end.

import { isDigit } from './characters.js'

const OPEN = 0x7b
const CLOSE = 0x7d
const PLUS = 0x2b
const TILDE = 0x7e

export interface LiteralAnnouncement {
  /** Octets that follow the line's CRLF. */
  readonly size: number
  /** The client waits for "+" before it sends them. */
  readonly synchronizing: boolean
  /** literal8: may hold NUL. RFC 3516 §4.4 */
  readonly binary: boolean
}

/** The literal that a line announces at its end, if it does. RFC 9051 §4.3, RFC 7888 §4, RFC 3516 §4.4 */
export function literalAnnouncement(line: Uint8Array): LiteralAnnouncement | undefined {
  let at = line.length - 1
  if (at < 2 || line[at] !== CLOSE) return undefined
  const mark = line[at - 1]
  const synchronizing = mark !== PLUS
  if (!synchronizing) at--
  const end = at
  while (at > 0 && isDigit(line[at - 1])) at--
  if (at === end || end - at > 15 || line[at - 1] !== OPEN) return undefined
  let size = 0
  for (let i = at; i < end; i++) size = size * 10 + (line[i] ?? 0) - 0x30
  return { size, synchronizing, binary: at >= 2 && line[at - 2] === TILDE }
}
