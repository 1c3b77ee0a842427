// "(" item *(SP item) ")": the shape that many rules share.

import { Bad } from './bad.js'
import type { Reader } from './reader.js'

/** Most items in any parenthesized list. */
const MOST_ITEMS = 10_000

/** A parenthesized list of what `rule` reads; empty ones are the caller's to refuse. Stray spaces are forgiven. */
export function readListOf<T>(input: Reader, rule: (input: Reader) => T): T[] {
  input.expect('(')
  const items: T[] = []
  for (;;) {
    while (input.accept(' '));
    if (input.accept(')')) return items
    if (items.length >= MOST_ITEMS) throw new Bad('Too many items in a list')
    items.push(rule(input))
    if (input.peek() !== 0x20 && input.peek() !== 0x29) throw new Bad(`Expected a space or ) ${input.where()}`)
  }
}

/** One of the words of a table (keys in upper case), in any case; longer words must stand before their beginnings. */
export function readWordOf<T>(input: Reader, words: ReadonlyMap<string, T>, what: string): T {
  for (const [word, value] of words) if (input.acceptWord(word)) return value
  throw new Bad(`Invalid ${what} ${input.where()}`)
}
