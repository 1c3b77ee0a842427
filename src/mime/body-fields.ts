/** What a part's header says of its body, apart from Content-Type. RFC 2045 §6, RFC 2183, RFC 3282, RFC 2557 */
import { type FieldPositions, fieldRange } from './known-fields.js'
import { type Cursor, peek, readToken, skipSpace } from './lexer.js'
import { type Parameter, readParameters } from './parameters.js'

const COMMA = 0x2c
const SEMICOLON = 0x3b

function cursorOf(view: Buffer, fields: FieldPositions, name: Parameters<typeof fieldRange>[1]): Cursor | undefined {
  const range = fieldRange(fields, name)
  if (!range) return undefined
  const cursor: Cursor = { view, at: range.start, end: range.end }
  skipSpace(cursor)
  return cursor
}

/** Content-Transfer-Encoding in upper case; 7BIT if missing or unreadable. */
export function transferEncoding(view: Buffer, fields: FieldPositions): string {
  const cursor = cursorOf(view, fields, 'content-transfer-encoding')
  if (!cursor) return '7BIT'
  const token = readToken(cursor)
  skipSpace(cursor)
  return token === '' || peek(cursor) !== -1 ? '7BIT' : token.toUpperCase()
}

/** More tags are not read. */
export const MAX_LANGUAGES = 1000

export interface Disposition {
  /** In upper case. */
  readonly type: string
  readonly parameters: readonly Parameter[]
}

/** Content-Disposition; undefined if missing or unreadable. */
export function disposition(view: Buffer, fields: FieldPositions): Disposition | undefined {
  const cursor = cursorOf(view, fields, 'content-disposition')
  if (!cursor || peek(cursor) === -1) return undefined
  const type = readToken(cursor)
  skipSpace(cursor)
  const next = peek(cursor)
  if (next !== -1 && next !== SEMICOLON) return undefined
  return { type: type.toUpperCase(), parameters: readParameters(cursor) }
}

/** Content-Language: tags in upper case, up to the first that cannot be read. */
export function languages(view: Buffer, fields: FieldPositions): string[] {
  const cursor = cursorOf(view, fields, 'content-language')
  const found: string[] = []
  while (cursor && peek(cursor) !== -1 && found.length < MAX_LANGUAGES) {
    const tag = readToken(cursor)
    skipSpace(cursor)
    const next = peek(cursor)
    if ((next !== -1 && next !== COMMA) || !/^[A-Za-z-]*$/.test(tag)) break
    found.push(tag.toUpperCase())
    cursor.at++
    skipSpace(cursor)
  }
  return found
}
