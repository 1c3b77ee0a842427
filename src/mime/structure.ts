/** The structure of a message: its parts with offsets, octets and line counts, found in one pass over the bytes. */
import { boundaryAt, boundaryOf } from './boundary.js'
import { type ContentType, embeddedMessage, opaque, plainText, readContentType } from './content-type.js'
import { type FieldPositions, fieldRange, forgetBodyFields, knownFieldAt, noFields } from './known-fields.js'
import { countLines, countLinesOf } from './line-count.js'

/**
 * One part. All offsets are into the view that was scanned. Its header is [headerStart, headerEnd), blank line included;
 * its body is [headerEnd, bodyEnd), without the line end before the next boundary unless that ends its last boundary line.
 */
export interface Part {
  readonly kind: 'leaf' | 'multipart' | 'message'
  readonly headerStart: number
  readonly headerEnd: number
  readonly bodyEnd: number
  /** Line feeds in the body of text/* and message/rfc822 parts; 0 for others, whose lines IMAP never tells. */
  readonly lines: number
  /** Where the values of the known fields of this part's header stand: ask with fieldRange. */
  readonly fields: FieldPositions
  readonly content: ContentType
  /** The parts of a multipart; of a message/rfc822 exactly one, the message inside; of a leaf none. */
  readonly parts: readonly Part[]
}

/** The message itself is its outermost part; headerStart is 0. */
export type MessageStructure = Part

/** Deeper multiparts and messages are one opaque part each. */
export const MAX_DEPTH = 100
/** The part with this number takes all that follows. */
export const MAX_PARTS = 10_000

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
interface DraftPart extends Mutable<Omit<Part, 'parts'>> {
  parts: DraftPart[]
}

interface Scan {
  readonly view: Buffer
  /** The boundaries of the multiparts around the current place, outermost first. */
  readonly boundaries: Buffer[]
  /** The next byte to look at. */
  at: number
  /** Why the last part ended: at a delimiter, at a close-delimiter, or with the bytes. */
  stop: 'delimiter' | 'close' | 'end'
  /** Where it ended, the line end before the boundary not counted. */
  ended: number
  partCount: number
  depth: number
  readonly counted: DraftPart[]
}

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09
const DASH = 0x2d
const COLON = 0x3a
const delimiterLine = Buffer.from('\n--')

/**
 * Finds the parts of a message. `view` is what IMAP shows (makeView); other bytes are understood as well, a line then
 * ends at LF. Never throws; time is linear in the size for a message of few nested boundaries and bounded by
 * size × MAX_DEPTH; nothing is copied. Where RFC 2046 leaves a broken message undefined, the answers are those of Cyrus:
 * any boundary of an enclosing multipart also separates parts of the innermost one, only a close-delimiter ends it;
 * a multipart without a single part is an empty text/plain.
 */
export function scan(view: Buffer): MessageStructure {
  const state: Scan = { view, boundaries: [], at: 0, stop: 'end', ended: 0, partCount: 0, depth: 0, counted: [] }
  const root = scanPart(state, plainText)
  countAllLines(state)
  return root
}

function scanPart(state: Scan, otherwise: ContentType): DraftPart {
  const part: DraftPart = {
    kind: 'leaf',
    headerStart: state.at,
    headerEnd: 0,
    bodyEnd: 0,
    lines: 0,
    fields: noFields(),
    content: otherwise,
    parts: [],
  }
  if (++state.partCount >= MAX_PARTS) state.boundaries.length = 0
  const whole = scanHeader(state, part)
  part.content = contentOf(state, part.fields, otherwise)
  scanBody(state, { part, whole })
  return part
}

function contentOf({ view, partCount, depth }: Scan, fields: FieldPositions, otherwise: ContentType): ContentType {
  const range = fieldRange(fields, 'content-type')
  const content = (range && readContentType(view, range.start, range.end)) ?? otherwise
  if (partCount < MAX_PARTS && depth < MAX_DEPTH) return content
  return isNested(content) ? opaque : content
}

function isNested({ type, subtype }: ContentType): boolean {
  return type === 'MULTIPART' || (type === 'MESSAGE' && subtype === 'RFC822')
}

/** Reads the header from state.at on. False if a boundary line ended it before its blank line: then there is no body. */
function scanHeader(state: Scan, part: DraftPart): boolean {
  const { view } = state
  const fields = part.fields as number[]
  let last = -1
  let line = state.at
  while (line < view.length) {
    const first = view[line]
    if (first === LF || (first === CR && view[line + 1] === LF)) {
      part.headerEnd = state.at = line + (first === LF ? 1 : 2)
      return true
    }
    if (first === DASH && atBoundary(state, line)) {
      part.headerEnd = Math.max(part.headerStart, state.ended)
      return false
    }
    const lf = view.indexOf(LF, line)
    const next = lf < 0 ? view.length : lf + 1
    const end = lf < 0 ? next : view[lf - 1] === CR && lf > line ? lf - 1 : lf
    if (first !== SPACE && first !== TAB) {
      last = knownFieldAt(view, line, end)
      if (last >= 0) fields[2 * last] = view.indexOf(COLON, line) + 1
    }
    if (last >= 0) fields[2 * last + 1] = end
    line = next
  }
  part.headerEnd = state.at = view.length
  return true
}

function scanBody(state: Scan, { part, whole }: { part: DraftPart; whole: boolean }): void {
  const { type } = part.content
  if (!isNested(part.content)) {
    if (whole) skipToBoundary(state)
  } else if (type === 'MULTIPART') {
    if (whole) scanMultipart(state, part)
    if (part.parts.length === 0) makeEmptyText(part)
    else part.kind = 'multipart'
  } else {
    part.kind = 'message'
    part.parts.push(whole ? scanEmbedded(state) : emptyMessage(part.headerEnd))
  }
  state.ended = Math.max(part.headerEnd, state.ended)
  part.bodyEnd = type === 'MULTIPART' && part.kind === 'leaf' ? part.headerEnd : state.ended
  if (part.content.type === 'TEXT' || part.kind === 'message') state.counted.push(part)
}

/** What Cyrus takes a multipart without parts for: its header says nothing of its body any more. */
function makeEmptyText(part: DraftPart): void {
  part.content = plainText
  forgetBodyFields(part.fields as number[])
}

function scanMultipart(state: Scan, part: DraftPart): void {
  const outer = state.boundaries.length
  const boundary = boundaryOf(part.content.parameters)
  if (!boundary) {
    skipToBoundary(state)
    return
  }
  state.boundaries.push(boundary)
  state.depth++
  const inside = part.content.subtype === 'DIGEST' ? embeddedMessage : plainText
  skipToBoundary(state)
  if (state.stop !== 'close') {
    do part.parts.push(scanPart(state, inside))
    while (state.stop === 'delimiter' && state.boundaries.length > outer)
  }
  state.depth--
  if (state.stop !== 'close' || state.boundaries.length !== outer) return
  const closed = state.at
  skipToBoundary(state)
  state.ended = Math.max(state.ended, closed)
}

function scanEmbedded(state: Scan): DraftPart {
  state.depth++
  const inside = scanPart(state, plainText)
  state.depth--
  return inside
}

function emptyMessage(at: number): DraftPart {
  const fields = noFields()
  return { kind: 'leaf', headerStart: at, headerEnd: at, bodyEnd: at, lines: 0, fields, content: plainText, parts: [] }
}

/** Past the next boundary line in force, or to the end of the bytes; state.at stands at the start of a line. */
function skipToBoundary(state: Scan): void {
  const { view } = state
  if (state.boundaries.length > 0) {
    let line = state.at
    while (line < view.length) {
      if (view[line] === DASH && atBoundary(state, line)) return
      const lf = view.indexOf(delimiterLine, line)
      if (lf < 0) break
      line = lf + 1
    }
  }
  state.at = state.ended = view.length
  state.stop = 'end'
}

/** If the line carries a boundary, the outermost first, goes past it; a close-delimiter ends the multiparts inside, too. */
function atBoundary(state: Scan, line: number): boolean {
  const { view, boundaries } = state
  if (view[line + 1] !== DASH) return false
  for (let index = 0; index < boundaries.length; index++) {
    const found = boundaryAt(view, line, boundaries[index] as Buffer)
    if (!found) continue
    if (found === 'close') boundaries.length = index
    const lf = view.indexOf(LF, line)
    state.at = lf < 0 ? view.length : lf + 1
    state.ended = line === 0 ? 0 : view[line - 2] === CR ? line - 2 : line - 1
    state.stop = found
    return true
  }
  return false
}

function countAllLines({ view, counted }: Scan): void {
  if (!counted.some(({ kind }) => kind === 'message')) {
    for (const part of counted) part.lines = countLines(view, part.headerEnd, part.bodyEnd)
    return
  }
  const lines = countLinesOf(
    view,
    counted.map(({ headerEnd, bodyEnd }) => ({ start: headerEnd, end: bodyEnd })),
  )
  counted.forEach((part, index) => {
    part.lines = lines[index] ?? 0
  })
}
