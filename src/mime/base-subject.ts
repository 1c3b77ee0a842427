/** The base subject, by which SORT and THREAD compare subjects. RFC 5256 §2.1 */
import { mergeSpace } from './casemap.js'
import { decodeText } from './encoded-word.js'

export interface BaseSubject {
  /** Decoded, in its own case: compare what fold() makes of it. */
  readonly text: string
  /** Something said that it is a reply or was forwarded. */
  readonly isReply: boolean
}

/** *subj-blob ("re" / "fw" ["d"]) *WSP [subj-blob] ":"; what of it is a blob alone is dealt with apart. */
const leader = /(?:\[[^[\]]*\] *)*(?:re|fwd?) *(?:\[[^[\]]*\] *)?: */iy
const blob = /\[[^[\]]*\] */y
const FORWARDED = '[fwd:'
const TRAILER = '(fwd)'

/** `raw` is the unfolded value of the Subject field. Linear in its length, but for subjects made of open brackets. */
export function baseSubject(raw: string): BaseSubject {
  const text = mergeSpace(decodeText(raw.slice(0, LONGEST))).slice(0, LONGEST)
  let from = 0
  let to = text.length
  let isReply = false
  for (;;) {
    // Step 2: trailers.
    while (to > from && (text[to - 1] === ' ' || endsWith(text, to, TRAILER))) {
      const trailer = text[to - 1] === ' ' ? 1 : TRAILER.length
      if (trailer > 1) isReply = true
      to = Math.max(from, to - trailer)
    }
    // Steps 3 to 5: leaders, and blobs that do not leave nothing.
    for (;;) {
      while (from < to && text[from] === ' ') from++
      const past = match(leader, text, from)
      const pastBlob = past > from ? from : match(blob, text, from)
      if (past > from && past <= to) {
        from = past
        isReply = true
      } else if (pastBlob > from && pastBlob < to) from = pastBlob
      else break
    }
    // Step 6: [fwd: … ] around everything.
    if (text[to - 1] !== ']' || text.slice(from, from + FORWARDED.length).toLowerCase() !== FORWARDED) break
    from += FORWARDED.length
    to = Math.max(from, to - 1)
    isReply = true
  }
  return { text: text.slice(from, to), isReply }
}

/** In characters: what follows makes no difference between subjects. */
const LONGEST = 2000

function endsWith(text: string, to: number, end: string): boolean {
  return text.slice(Math.max(0, to - end.length), to).toLowerCase() === end
}

/** Past the match that starts at `from`, or `from`. */
function match(pattern: RegExp, text: string, from: number): number {
  const sticky = new RegExp(pattern)
  sticky.lastIndex = from
  return sticky.test(text) ? sticky.lastIndex : from
}
