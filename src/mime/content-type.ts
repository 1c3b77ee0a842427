/** The Content-Type field. RFC 2045 §5.1 */
import { type Cursor, peek, readToken, skipSpace } from './lexer.js'
import { type Parameter, readParameters } from './parameters.js'

export interface ContentType {
  /** In upper case. */
  readonly type: string
  readonly subtype: string
  readonly parameters: readonly Parameter[]
}

const SLASH = 0x2f
const SEMICOLON = 0x3b

/** What a part without Content-Type is. RFC 2045 §5.2 */
export const plainText: ContentType = {
  type: 'TEXT',
  subtype: 'PLAIN',
  parameters: [{ name: 'CHARSET', value: 'us-ascii' }],
}

/** What a part of multipart/digest without Content-Type is. RFC 2046 §5.1.5 */
export const embeddedMessage: ContentType = { type: 'MESSAGE', subtype: 'RFC822', parameters: [] }

/** What the scanner makes of parts beyond its limits. */
export const opaque: ContentType = { type: 'APPLICATION', subtype: 'OCTET-STREAM', parameters: [] }

/** Undefined if the value cannot be read; the part then has the default type. */
export function readContentType(view: Buffer, start: number, end: number): ContentType | undefined {
  const cursor: Cursor = { view, at: start, end }
  skipSpace(cursor)
  const type = readToken(cursor)
  skipSpace(cursor)
  if (peek(cursor) !== SLASH) return undefined
  cursor.at++
  skipSpace(cursor)
  if (peek(cursor) === -1) return undefined
  const subtype = readToken(cursor)
  skipSpace(cursor)
  const next = peek(cursor)
  if (next !== -1 && next !== SEMICOLON) return undefined
  return { type: type.toUpperCase(), subtype: subtype.toUpperCase(), parameters: readParameters(cursor) }
}

/** The first value of a parameter, its name given in upper case. */
export function parameter(parameters: readonly Parameter[], name: string): string | undefined {
  for (const each of parameters) if (each.name === name) return each.value
  return undefined
}
