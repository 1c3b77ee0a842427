/** The boundary of a multipart, and whether a line is one of those in force. RFC 2046 §5.1.1 */
import { isKnownCharset } from './charset.js'
import type { Parameter } from './parameters.js'

const SPACE = 0x20
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d

/** The boundary's bytes, or undefined if the parameters name none. `boundary*=` is decoded as RFC 2231 §4 says. */
export function boundaryOf(parameters: readonly Parameter[]): Buffer | undefined {
  for (const { name, value } of parameters) {
    if (name === 'BOUNDARY') return Buffer.from(value, 'latin1')
    if (name === 'BOUNDARY*') return Buffer.from(extendedText(value), 'latin1')
  }
  return undefined
}

/** charset'language'text: the text, percent encoding undone; the whole if nobody knows the charset. */
function extendedText(value: string): string {
  if (!isKnownCharset(value.slice(0, Math.max(0, value.indexOf("'"))))) return value
  const text = value.slice(value.indexOf("'", value.indexOf("'") + 1) + 1)
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

export type BoundaryLine = 'delimiter' | 'close'

/**
 * Whether the line at `line`, known to start with two dashes, carries this boundary. White space and text may follow a
 * delimiter, anything may follow a close-delimiter, as in Cyrus. (Cyrus also takes one more octet of any kind at the very end
 * of a message for a delimiter's line end; this does not.)
 */
export function boundaryAt(view: Buffer, line: number, boundary: Buffer): BoundaryLine | undefined {
  const end = line + 2 + boundary.length
  if (end > view.length) return undefined
  for (let at = 0; at < boundary.length; at++) if (view[line + 2 + at] !== boundary[at]) return undefined
  if (end === view.length) return 'delimiter'
  const next = view[end]
  if (next === DASH && view[end + 1] === DASH) return 'close'
  return next === CR || next === LF || next === SPACE || next === TAB ? 'delimiter' : undefined
}
