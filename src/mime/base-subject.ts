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

/** `raw` is the unfolded value of the Subject field. */
export function baseSubject(raw: string): BaseSubject {
  let text = mergeSpace(decodeText(raw.slice(0, LONGEST))).slice(0, LONGEST)
  let isReply = false
  for (;;) {
    const untrailed = withoutTrailers(text)
    const unled = withoutLeaders(untrailed.text)
    isReply ||= untrailed.changed || unled.changed
    text = unled.text
    // Step 6: [fwd: … ] around everything.
    if (!text.endsWith(']') || !text.toLowerCase().startsWith(FORWARDED)) return { text, isReply }
    text = text.slice(FORWARDED.length, -1)
    isReply = true
  }
}

interface Trimmed {
  readonly text: string
  /** Something went that replies and forwarded messages have. */
  readonly changed: boolean
}

/** Step 2 */
function withoutTrailers(text: string): Trimmed {
  let to = text.length
  let changed = false
  for (;;) {
    while (to > 0 && text[to - 1] === ' ') to--
    if (text.slice(Math.max(0, to - TRAILER.length), to).toLowerCase() !== TRAILER)
      return { text: text.slice(0, to), changed }
    to -= TRAILER.length
    changed = true
  }
}

/** Steps 3 to 5: leaders, and blobs that do not leave nothing. */
function withoutLeaders(text: string): Trimmed {
  let from = 0
  let changed = false
  for (;;) {
    while (text[from] === ' ') from++
    const pastLeader = match(leader, text, from)
    const past = pastLeader > from ? pastLeader : match(blob, text, from)
    if (past === from || (past === text.length && past !== pastLeader)) return { text: text.slice(from), changed }
    changed ||= past === pastLeader
    from = past
  }
}

/** In characters: what follows makes no difference between subjects. */
const LONGEST = 2000

/** Past the match that starts at `from`, or `from`. */
function match(pattern: RegExp, text: string, from: number): number {
  const sticky = new RegExp(pattern)
  sticky.lastIndex = from
  return sticky.test(text) ? sticky.lastIndex : from
}
