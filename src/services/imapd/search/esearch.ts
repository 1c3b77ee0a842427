/** The ESEARCH answer. RFC 4731 §3, RFC 9394 §3.1 */
import type { SearchReturn } from '../../../syntax/imap/search-program.js'
import { writeNumbers } from '../../../syntax/imap/sequence-set.js'
import { writeString } from '../../../syntax/imap/string.js'

export interface EsearchFacts {
  /** undefined: an IMAP4rev2 client's SEARCH without RETURN, which means ALL. */
  readonly returns: SearchReturn | undefined
  readonly tag: string
  readonly uid: boolean
  /** RFC 7162 §3.1.5: of what is told, the highest modseq. */
  readonly modSeq: number | undefined
}

/** `numbers` in the order of the result: rising for SEARCH, sorted for SORT. undefined: only SAVE was asked. */
export function esearchLine(
  numbers: readonly number[],
  { returns, tag, uid, modSeq }: EsearchFacts,
  write: (numbers: readonly number[]) => string = writeNumbers,
): string | undefined {
  const { min, max, all, count, partial } = returns ?? {
    min: false,
    max: false,
    all: true,
    count: false,
    partial: undefined,
  }
  if (!min && !max && !all && !count && partial === undefined) return undefined
  const words: string[] = []
  if (min && numbers.length > 0) words.push(`MIN ${numbers[0]}`)
  if (max && numbers.length > 0) words.push(`MAX ${numbers[numbers.length - 1]}`)
  if (all && numbers.length > 0) words.push(`ALL ${write(numbers)}`)
  if (count) words.push(`COUNT ${numbers.length}`)
  if (partial !== undefined) words.push(partialItem(numbers, partial, write))
  if (modSeq !== undefined) words.push(`MODSEQ ${modSeq}`)
  return [`* ESEARCH (TAG ${writeString(tag)})${uid ? ' UID' : ''}`, ...words].join(' ')
}

/** RFC 9394 §3.1: PARTIAL (range set), NIL where nothing of the result lies in the range. */
function partialItem(
  numbers: readonly number[],
  { first, last }: { readonly first: number; readonly last: number },
  write: (numbers: readonly number[]) => string,
): string {
  const [from, to] =
    first > 0
      ? [first - 1, last]
      : [Math.max(0, numbers.length + Math.min(first, last)), numbers.length + Math.max(first, last) + 1]
  const part = numbers.slice(Math.min(from, numbers.length), Math.max(0, to))
  return `PARTIAL (${first}:${last} ${part.length === 0 ? 'NIL' : write(part)})`
}
