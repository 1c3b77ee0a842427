// id_params_list of ID. RFC 2971

import { Bad } from './bad.js'
import type { Reader } from './reader.js'
import { readNstring, readString, utf8Wire, writeString } from './string.js'

/** RFC 2971 §3.3: at most 30 pairs, keys of 30 octets, values of 1024. */
const MOST_PAIRS = 30

/** SP ("NIL" / "(" string SP nstring *(SP string SP nstring) ")"); the cursor stands after "ID". */
export function readId(input: Reader): ReadonlyMap<string, string | null> {
  input.space()
  const pairs = new Map<string, string | null>()
  if (input.acceptWord('NIL')) return pairs
  input.expect('(')
  while (!input.accept(')')) {
    if (pairs.size > 0) input.space()
    const key = readString(input).toString('utf8').toLowerCase()
    input.space()
    const value = readNstring(input)
    if (key.length > 30 || (value?.length ?? 0) > 1024) throw new Bad('ID field too long')
    if (pairs.has(key)) throw new Bad('ID field given twice')
    pairs.set(key, value?.toString('utf8') ?? null)
    if (pairs.size > MOST_PAIRS) throw new Bad('Too many ID fields')
  }
  return pairs
}

/** id_params_list */
export function writeId(pairs: Iterable<readonly [string, string]>): string {
  return `(${[...pairs].map(([key, value]) => `${writeString(key)} ${writeString(utf8Wire(value))}`).join(' ')})`
}
