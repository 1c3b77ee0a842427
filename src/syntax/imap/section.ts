// section, section-binary and partial: which part of a message, and which octets of it.

import { Bad } from './bad.js'
import { readListOf } from './list-of.js'
import type { Reader } from './reader.js'
import { readAstring, writeAstring } from './string.js'

/** Which text of the part: everything, or one of section-msgtext / "MIME". RFC 9051 §6.4.5 */
export type SectionText = '' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME'

export interface Section {
  /** Part numbers from the outside in; none means the message itself. */
  readonly path: readonly number[]
  readonly text: SectionText
  /** Field names as the client wrote them, only with HEADER.FIELDS and HEADER.FIELDS.NOT. */
  readonly fields: readonly string[]
}

export interface Partial {
  /** First octet, counted from 0. */
  readonly offset: number
  readonly length: number
}

/** Deepest part path. */
const DEEPEST = 100

/** section = "[" [section-spec] "]" */
export function readSection(input: Reader): Section {
  input.expect('[')
  const path = readPath(input)
  const section = readSectionText(input, path)
  input.expect(']')
  return section
}

/** section-binary = "[" [section-part] "]"  RFC 3516 §7 */
export function readBinarySection(input: Reader): readonly number[] {
  input.expect('[')
  const path: number[] = []
  while (input.peek() !== 0x5d) {
    if (path.length > 0) input.expect('.')
    path.push(input.nzNumber())
    if (path.length > DEEPEST) throw new Bad('Section too deep')
  }
  input.expect(']')
  return path
}

function readPath(input: Reader): number[] {
  const path: number[] = []
  for (;;) {
    const next = input.peek()
    if (next === undefined || next < 0x30 || next > 0x39) return path
    path.push(input.nzNumber())
    if (path.length > DEEPEST) throw new Bad('Section too deep')
    if (!input.accept('.')) return path
    if (input.peek() === 0x5d) throw new Bad(`Invalid section ${input.where()}`)
  }
}

function readSectionText(input: Reader, path: readonly number[]): Section {
  const text = readText(input)
  if (text === 'MIME' && path.length === 0) throw new Bad('MIME needs a part number')
  if (text !== 'HEADER.FIELDS' && text !== 'HEADER.FIELDS.NOT') return { path, text, fields: [] }
  input.space()
  const fields = readListOf(input, readFieldName)
  if (fields.length === 0) throw new Bad('Empty list of header fields')
  return { path, text, fields }
}

function readText(input: Reader): SectionText {
  if (input.peek() === 0x5d) return ''
  if (input.acceptWord('HEADER.FIELDS.NOT')) return 'HEADER.FIELDS.NOT'
  if (input.acceptWord('HEADER.FIELDS')) return 'HEADER.FIELDS'
  if (input.acceptWord('HEADER')) return 'HEADER'
  if (input.acceptWord('TEXT')) return 'TEXT'
  if (input.acceptWord('MIME')) return 'MIME'
  throw new Bad(`Invalid section ${input.where()}`)
}

/** header-fld-name = astring, without what no field name can hold. */
function readFieldName(input: Reader): string {
  const name = readAstring(input).toString('latin1')
  if (name === '' || /[^\x21-\x7e]|:/.test(name)) throw new Bad('Invalid header field name')
  return name
}

/** partial = "<" number64 "." nz-number64 ">" */
export function readPartial(input: Reader): Partial | undefined {
  if (!input.accept('<')) return undefined
  const offset = input.number(Number.MAX_SAFE_INTEGER)
  input.expect('.')
  const length = input.nzNumber(Number.MAX_SAFE_INTEGER)
  input.expect('>')
  return { offset, length }
}

/** section, as it comes back in the answer. */
export function writeSection({ path, text, fields }: Section): string {
  const list = fields.length === 0 ? '' : ` (${fields.map(writeAstring).join(' ')})`
  return `[${path.join('.')}${path.length > 0 && text !== '' ? '.' : ''}${text}${list}]`
}
