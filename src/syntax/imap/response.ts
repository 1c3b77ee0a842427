// response = *(continue-req / response-data) response-done: what a server says, read for clients and proxies.

import { Bad } from './bad.js'
import type { Reader } from './reader.js'
import { type Datum, readData, readDatum } from './response-data.js'

/** How a command ended, or what the server says of itself. RFC 9051 §7.1 */
export type Status = 'OK' | 'NO' | 'BAD' | 'BYE' | 'PREAUTH'

/** resp-text-code without its brackets. RFC 9051 §7.1 */
export interface Code {
  /** Upper case. */
  readonly name: string
  readonly data: readonly Datum[]
}

export type Response =
  /** "+" SP (resp-text / base64) CRLF */
  | { readonly kind: 'continue'; readonly text: string }
  | {
      readonly kind: 'status'
      /** Undefined: untagged. */
      readonly tag: string | undefined
      readonly status: Status
      readonly code: Code | undefined
      /** For people. */
      readonly text: string
    }
  | {
      readonly kind: 'data'
      /** Of EXISTS, EXPUNGE, FETCH …: the number before the word. */
      readonly number: number | undefined
      /** Upper case: `LIST`, `FETCH`. */
      readonly name: string
      readonly data: readonly Datum[]
    }

const statuses: readonly Status[] = ['OK', 'NO', 'BAD', 'BYE', 'PREAUTH']
const SP = 0x20
const CLOSE_BRACKET = 0x5d
/** Words that begin a response are this long at most. */
const LONGEST_WORD = 64

/** One response as the framer cut it. Throws `Bad` when it is none. */
export function readResponse(input: Reader): Response {
  if (input.accept('+')) {
    input.accept(' ')
    return { kind: 'continue', text: input.rest().toString('utf8') }
  }
  const tag = input.accept('*') ? undefined : readWord(input)
  input.space()
  const word = readWord(input)
  if (tag === undefined && /^\d+$/.test(word)) {
    input.space()
    const name = readWord(input).toUpperCase()
    return { kind: 'data', number: Number(word), name, data: readData(input) }
  }
  const name = word.toUpperCase()
  const status = statuses.find((each) => each === name)
  if (status) return { kind: 'status', tag, status, ...readText(input) }
  if (tag !== undefined) throw new Bad(`A command ends with OK, NO or BAD, not with ${name}`)
  return { kind: 'data', number: undefined, name, data: readData(input) }
}

function readWord(input: Reader): string {
  const word = input.until((octet) => octet === SP).toString('latin1')
  if (word.length === 0 || word.length > LONGEST_WORD) throw new Bad(`Expected a word ${input.where()}`)
  return word
}

/** ["[" resp-text-code "]" SP] text; a server that leaves the text out is forgiven. */
function readText(input: Reader): { code: Code | undefined; text: string } {
  input.accept(' ')
  const code = input.accept('[') ? readCode(input) : undefined
  if (code) input.accept(' ')
  return { code, text: input.rest().toString('utf8') }
}

function readCode(input: Reader): Code {
  const name = input
    .until((octet) => octet === SP || octet === CLOSE_BRACKET)
    .toString('latin1')
    .toUpperCase()
  const data: Datum[] = []
  while (!input.accept(']')) {
    input.space()
    if (input.peek() !== CLOSE_BRACKET) data.push(readDatum(input, { inCode: true }))
  }
  return { name, data }
}
