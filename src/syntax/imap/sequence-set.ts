// sequence-set and uid-set: what the client writes, what it means for a mailbox, and how we write one.

import { Bad } from './bad.js'
import type { Reader } from './reader.js'

/** "*": the largest number in use, which only the mailbox knows. */
export const STAR = Number.POSITIVE_INFINITY

/** seq-range as written: either end may be STAR and the order is free. RFC 9051 §9 */
export interface SequenceRange {
  readonly first: number
  readonly last: number
}

/** `saved` is "$", the saved search result. RFC 5182 §2.1 */
export type SequenceSet = readonly SequenceRange[] | 'saved'

/** Most ranges in one set; the line limit makes more than this improbable. */
const MOST_RANGES = 100_000

/** sequence-set = (seq-number / seq-range) ["," sequence-set] / seq-last-command  RFC 9051 §9 */
export function readSequenceSet(input: Reader): SequenceSet {
  return input.accept('$') ? 'saved' : readRanges(input)
}

/** A set without "$". */
export function readRanges(input: Reader): readonly SequenceRange[] {
  const ranges = [readRange(input)]
  while (input.accept(',')) {
    if (ranges.length >= MOST_RANGES) throw new Bad('Too many ranges in the sequence set')
    ranges.push(readRange(input))
  }
  return ranges
}

function readRange(input: Reader): SequenceRange {
  const first = readNumber(input)
  return { first, last: input.accept(':') ? readNumber(input) : first }
}

function readNumber(input: Reader): number {
  return input.accept('*') ? STAR : input.nzNumber()
}

/** uid-set = (uniqueid / uid-range) *("," …), without "*". RFC 4315 §4 */
export function readUidSet(input: Reader): readonly SequenceRange[] {
  const ranges = readRanges(input)
  if (ranges.some(({ first, last }) => first === STAR || last === STAR)) throw new Bad('Unexpected * in the set')
  return ranges
}

/**
 * What a set means where the largest number in use is `largest`: ascending ranges that neither overlap nor touch.
 * "*" is `largest`, also when that is 0 (then it is nothing). Numbers above `largest` stay, except 0.
 */
export function resolveSet(ranges: readonly SequenceRange[], largest: number): SequenceRange[] {
  const ordered: { first: number; last: number }[] = []
  for (const range of ranges) {
    const a = range.first === STAR ? largest : range.first
    const b = range.last === STAR ? largest : range.last
    if (a > 0 || b > 0) ordered.push({ first: Math.max(1, Math.min(a, b)), last: Math.max(a, b) })
  }
  if (ordered.length > 1) ordered.sort((x, y) => x.first - y.first)
  const merged: { first: number; last: number }[] = []
  for (const range of ordered) {
    const before = merged[merged.length - 1]
    if (before !== undefined && range.first <= before.last + 1) before.last = Math.max(before.last, range.last)
    else merged.push(range)
  }
  return merged
}

/** Writes a set; an empty one has no form, so callers leave the data item out. */
export function writeSequenceSet(ranges: Iterable<SequenceRange>): string {
  let text = ''
  for (const { first, last } of ranges) {
    if (text !== '') text += ','
    text += first === last ? number(first) : `${number(first)}:${number(last)}`
  }
  return text
}

function number(value: number): string {
  return value === STAR ? '*' : String(value)
}

/** The shortest ranges that hold exactly these numbers, which must ascend. */
export function rangesOf(ascending: Iterable<number>): SequenceRange[] {
  const ranges: { first: number; last: number }[] = []
  let current: { first: number; last: number } | undefined
  for (const value of ascending) {
    if (current !== undefined && value === current.last + 1) current.last = value
    else {
      current = { first: value, last: value }
      ranges.push(current)
    }
  }
  return ranges
}

/** The set as written for numbers that ascend. */
export function writeNumbers(ascending: Iterable<number>): string {
  return writeSequenceSet(rangesOf(ascending))
}

/** The set as written for numbers in an order that means something: runs that rise or fall by one are ranges. RFC 5267 §3.2 */
export function writeInOrder(numbers: readonly number[]): string {
  const words: string[] = []
  for (let at = 0; at < numbers.length; ) {
    const first = numbers[at] ?? 0
    const step = numbers[at + 1] === first + 1 ? 1 : -1
    let end = at
    while (numbers[end + 1] === (numbers[end] ?? 0) + step) end++
    words.push(end === at ? String(first) : `${first}:${numbers[end]}`)
    at = end + 1
  }
  return words.join(',')
}
