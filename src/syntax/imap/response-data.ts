// What stands in responses, in the four forms that all of them are made of: atoms, strings, NIL and lists.

import { Bad } from './bad.js'
import type { Reader } from './reader.js'
import { readString } from './string.js'

/** Atoms are flags, numbers, words and section names as they stand; strings are bytes. */
export type Datum =
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'string'; readonly bytes: Buffer }
  | { readonly kind: 'nil' }
  | { readonly kind: 'list'; readonly items: readonly Datum[] }

const SP = 0x20
const DQUOTE = 0x22
const OPEN = 0x28
const CLOSE = 0x29
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
/** BODYSTRUCTURE nests as deep as messages do; beyond this it is no answer of a sane server. */
const DEEPEST = 500
const NIL: Datum = { kind: 'nil' }

/** *(SP datum) up to the end of the response; spaces too many are forgiven. */
export function readData(input: Reader): Datum[] {
  const data: Datum[] = []
  for (;;) {
    while (input.accept(' '));
    if (input.atEnd) return data
    data.push(readDatum(input))
  }
}

/** One datum. `inCode`: a "]" ends it, as inside a response code. Throws Bad. */
export function readDatum(input: Reader, { inCode = false, depth = 0 } = {}): Datum {
  if (input.atLiteral || input.peek() === DQUOTE) return { kind: 'string', bytes: readString(input) }
  if (input.peek() === 0x7e && input.peekAt(1) === undefined) input.skip()
  if (input.peek() === OPEN) return readDataList(input, depth + 1)
  const text = readAtom(input, inCode)
  return text.length === 3 && text.toUpperCase() === 'NIL' ? NIL : { kind: 'atom', text }
}

/** "(" [datum *(SP datum)] ")"; BODYSTRUCTURE's lists of parts stand without spaces between them. */
function readDataList(input: Reader, depth: number): Datum {
  if (depth > DEEPEST) throw new Bad('Lists nested too deep')
  const items: Datum[] = []
  input.expect('(')
  for (;;) {
    while (input.accept(' '));
    if (input.accept(')')) return { kind: 'list', items }
    items.push(readDatum(input, { depth }))
  }
}

/** Up to a space or parenthesis; what stands in brackets belongs to it: BODY[HEADER.FIELDS (TO)]<0>. */
function readAtom(input: Reader, inCode: boolean): string {
  let brackets = 0
  const bytes = input.until((octet) => {
    if (octet === OPEN_BRACKET) brackets++
    else if (octet === CLOSE_BRACKET) {
      if (brackets === 0) return inCode
      brackets--
    }
    return brackets === 0 && (octet === SP || octet === OPEN || octet === CLOSE || octet === DQUOTE)
  })
  if (bytes.length === 0) throw new Bad(`Unexpected octet ${input.where()}`)
  return bytes.toString('latin1')
}

// What a caller expects of a datum: undefined when it is not that.

/** The items of a list. */
export const listOf = (datum: Datum | undefined): readonly Datum[] | undefined =>
  datum?.kind === 'list' ? datum.items : undefined

/** The octets of a string or atom. */
export function bytesOf(datum: Datum | undefined): Buffer | undefined {
  if (datum?.kind === 'string') return datum.bytes
  return datum?.kind === 'atom' ? Buffer.from(datum.text, 'latin1') : undefined
}

/** A string or atom as a wire string, one character for each octet. */
export function wireOf(datum: Datum | undefined): string | undefined {
  return datum?.kind === 'atom' ? datum.text : bytesOf(datum)?.toString('latin1')
}

/** A string or atom as text. */
export const textOf = (datum: Datum | undefined): string | undefined => bytesOf(datum)?.toString('utf8')

/** A number, up to 2^53. */
export function numberOf(datum: Datum | undefined): number | undefined {
  const text = datum?.kind === 'atom' ? datum.text : undefined
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined
}
