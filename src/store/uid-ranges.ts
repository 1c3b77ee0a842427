/** Sorted lists of UID ranges that do not touch: union, difference, intersection, counting. Pure. */
import type { Uid, UidRange } from './types.js'

export const allUids: readonly UidRange[] = [{ first: 1 as Uid, last: 0xffffffff as Uid }]

export function countUids(ranges: readonly UidRange[]): number {
  let count = 0
  for (const { first, last } of ranges) count += last - first + 1
  return count
}

export function* eachUid(ranges: readonly UidRange[]): Generator<Uid> {
  for (const { first, last } of ranges) for (let uid: number = first; uid <= last; uid++) yield uid as Uid
}

/** The range that holds the UID, or undefined. Logarithmic. */
export function rangeWith(ranges: readonly UidRange[], uid: number): UidRange | undefined {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (!range) return undefined
    if (uid < range.first) high = middle - 1
    else if (uid > range.last) low = middle + 1
    else return range
  }
  return undefined
}

export const hasUid = (ranges: readonly UidRange[], uid: number): boolean => rangeWith(ranges, uid) !== undefined

/** Any ranges, in any order, overlapping or touching, as a sorted list. */
export function unionOf(ranges: readonly UidRange[]): UidRange[] {
  const sorted = [...ranges].sort((a, b) => a.first - b.first)
  const result: { first: Uid; last: Uid }[] = []
  for (const range of sorted) {
    const previous = result[result.length - 1]
    if (previous && range.first <= previous.last + 1) {
      if (range.last > previous.last) previous.last = range.last
    } else result.push({ first: range.first, last: range.last })
  }
  return result
}

export function union(a: readonly UidRange[], b: readonly UidRange[]): UidRange[] {
  if (a.length === 0) return [...b]
  if (b.length === 0) return [...a]
  return unionOf([...a, ...b])
}

export function difference(a: readonly UidRange[], b: readonly UidRange[]): UidRange[] {
  const result: UidRange[] = []
  let at = 0
  for (const range of a) {
    let first: number = range.first
    while (at < b.length && (b[at] as UidRange).last < first) at++
    for (let i = at; i < b.length; i++) {
      const cut = b[i] as UidRange
      if (cut.first > range.last) break
      if (cut.first > first) result.push({ first: first as Uid, last: (cut.first - 1) as Uid })
      first = cut.last + 1
    }
    if (first <= range.last) result.push({ first: first as Uid, last: range.last })
  }
  return result
}

export function intersection(a: readonly UidRange[], b: readonly UidRange[]): UidRange[] {
  const result: UidRange[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const left = a[i] as UidRange
    const right = b[j] as UidRange
    const first = Math.max(left.first, right.first)
    const last = Math.min(left.last, right.last)
    if (first <= last) result.push({ first: first as Uid, last: last as Uid })
    if (left.last < right.last) i++
    else j++
  }
  return result
}

/** Collects UIDs given in rising order into ranges. */
export class RangeCollector {
  readonly #ranges: { first: Uid; last: Uid }[] = []

  add(uid: Uid): void {
    const last = this.#ranges[this.#ranges.length - 1]
    if (last && last.last + 1 === uid) last.last = uid
    else this.#ranges.push({ first: uid, last: uid })
  }

  get ranges(): readonly UidRange[] {
    return this.#ranges
  }

  get empty(): boolean {
    return this.#ranges.length === 0
  }
}

/** Eight octets a range: first and last, little-endian. */
export function encodeRanges(ranges: readonly UidRange[]): Buffer {
  const bytes = Buffer.allocUnsafe(ranges.length * 8)
  let at = 0
  for (const { first, last } of ranges) {
    bytes.writeUInt32LE(first, at)
    bytes.writeUInt32LE(last, at + 4)
    at += 8
  }
  return bytes
}

export function decodeRanges(bytes: Buffer, from = 0): UidRange[] {
  const ranges: UidRange[] = []
  for (let at = from; at + 8 <= bytes.length; at += 8)
    ranges.push({ first: bytes.readUInt32LE(at) as Uid, last: bytes.readUInt32LE(at + 4) as Uid })
  return ranges
}
