// search-program, sort and thread: return options, charset, criteria, and the keys after them.

import { Bad } from './bad.js'
import { readListOf, readWordOf } from './list-of.js'
import type { Reader } from './reader.js'
import { readSearchKeys, type SearchKey } from './search-key.js'
import { readAstring } from './string.js'

/** search-return-opts. `undefined` for a command without RETURN. RFC 9051 §6.4.4, RFC 5182, RFC 9394 */
export interface SearchReturn {
  readonly min: boolean
  readonly max: boolean
  readonly all: boolean
  readonly count: boolean
  readonly save: boolean
  /** 1-based positions in the result, both included; negative ones count from the end. RFC 9394 §3.1 */
  readonly partial?: { readonly first: number; readonly last: number }
}

export interface SearchProgram {
  readonly returns: SearchReturn | undefined
  /** As the client named it, upper case; undefined: US-ASCII, taken as UTF-8. */
  readonly charset: string | undefined
  readonly key: SearchKey
}

/** [SP search-return-opts] SP search-program; the cursor stands after "SEARCH". */
export function readSearchProgram(input: Reader): SearchProgram {
  input.space()
  const returns = readReturns(input)
  let charset: string | undefined
  if (input.acceptWord('CHARSET')) {
    input.space()
    charset = readCharset(input)
    input.space()
  }
  return { returns, charset, key: readSearchKeys(input) }
}

function readCharset(input: Reader): string {
  return readAstring(input).toString('latin1').toUpperCase()
}

function readReturns(input: Reader): SearchReturn | undefined {
  if (!input.acceptWord('RETURN')) return undefined
  input.space()
  const returns = { min: false, max: false, all: false, count: false, save: false }
  let partial: SearchReturn['partial']
  readListOf(input, (each) => {
    const option = readWordOf(each, options, 'search return option')
    if (option === 'partial') partial = readPartialRange(each)
    else returns[option] = true
  })
  input.space()
  if (partial !== undefined && returns.all) throw new Bad('PARTIAL and ALL exclude each other')
  const none = !returns.min && !returns.max && !returns.count && !returns.save && partial === undefined
  return { ...returns, all: returns.all || none, ...(partial === undefined ? {} : { partial }) }
}

const options = new Map<string, 'min' | 'max' | 'all' | 'count' | 'save' | 'partial'>([
  ['MIN', 'min'],
  ['MAX', 'max'],
  ['ALL', 'all'],
  ['COUNT', 'count'],
  ['SAVE', 'save'],
  ['PARTIAL', 'partial'],
])

/** SP partial-range: "1:500" or "-1:-100". RFC 9394 §4 */
function readPartialRange(input: Reader): { first: number; last: number } {
  input.space()
  const sign = input.accept('-') ? -1 : 1
  const first = input.nzNumber()
  input.expect(':')
  if (sign < 0) input.expect('-')
  const last = input.nzNumber()
  return { first: sign * Math.min(first, last), last: sign * Math.max(first, last) }
}

export type SortCriterion = 'ARRIVAL' | 'CC' | 'DATE' | 'DISPLAYFROM' | 'DISPLAYTO' | 'FROM' | 'SIZE' | 'SUBJECT' | 'TO'

export interface SortKey {
  readonly criterion: SortCriterion
  readonly reverse: boolean
}

export interface SortProgram extends SearchProgram {
  readonly sort: readonly SortKey[]
}

const criteria: ReadonlyMap<string, SortCriterion> = new Map(
  (['ARRIVAL', 'CC', 'DATE', 'DISPLAYFROM', 'DISPLAYTO', 'FROM', 'SIZE', 'SUBJECT', 'TO'] as const).map((word) => [
    word,
    word,
  ]),
)

/** [SP search-return-opts] SP sort-criteria SP charset SP keys; the cursor stands after "SORT". RFC 5256 §5, RFC 5267 §3 */
export function readSortProgram(input: Reader): SortProgram {
  input.space()
  const returns = readReturns(input)
  const sort = readListOf(input, readSortKey)
  if (sort.length === 0) throw new Bad('Empty list of sort criteria')
  input.space()
  const charset = readCharset(input)
  input.space()
  return { returns, sort, charset, key: readSearchKeys(input) }
}

function readSortKey(input: Reader): SortKey {
  const reverse = input.acceptWord('REVERSE')
  if (reverse) input.space()
  return { criterion: readWordOf(input, criteria, 'sort criterion'), reverse }
}

export interface ThreadProgram {
  /** Upper case, as the client named it. */
  readonly algorithm: string
  readonly charset: string
  readonly key: SearchKey
}

/** SP thread-alg SP charset SP keys; the cursor stands after "THREAD". RFC 5256 §5 */
export function readThreadProgram(input: Reader): ThreadProgram {
  input.space()
  const algorithm = input.atom('a threading algorithm').toUpperCase()
  input.space()
  const charset = readCharset(input)
  input.space()
  return { algorithm, charset, key: readSearchKeys(input) }
}
