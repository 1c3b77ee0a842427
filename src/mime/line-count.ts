/** Counting line feeds in ranges of a message, four bytes at a time, each byte at most once. */

const LF = 0x0a

/** How many LF bytes stand in bytes[start, end). */
export function countLines(bytes: Buffer, start: number, end: number): number {
  let count = 0
  let at = start
  const aligned = Math.min(end, start + ((4 - ((bytes.byteOffset + start) & 3)) & 3))
  for (; at < aligned; at++) if (bytes[at] === LF) count++
  if (at >= end) return count
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >>> 2)
  for (let index = 0; index < words.length; index++) {
    const word = (words[index] as number) ^ 0x0a0a0a0a
    // Exactly the bytes that were LF keep their high bit: no carry crosses a byte.
    const found = ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f)
    if (found !== 0) count += ((found >>> 7) & 1) + ((found >>> 15) & 1) + ((found >>> 23) & 1) + (found >>> 31)
  }
  for (at += words.length * 4; at < end; at++) if (bytes[at] === LF) count++
  return count
}

export interface LineRange {
  readonly start: number
  readonly end: number
}

/** The counts of many ranges that may overlap (messages in messages), in one sweep over the bytes. */
export function countLinesOf(bytes: Buffer, ranges: readonly LineRange[]): number[] {
  const points = Float64Array.from(new Set(ranges.flatMap(({ start, end }) => [start, end]))).sort()
  const before = new Map<number, number>()
  let count = 0
  let from = points[0] ?? 0
  for (const point of points) {
    count += countLines(bytes, from, point)
    before.set(point, count)
    from = point
  }
  return ranges.map(({ start, end }) => (before.get(end) ?? 0) - (before.get(start) ?? 0))
}
