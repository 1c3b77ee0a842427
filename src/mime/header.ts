/** Header fields by name: finding them, and cutting a header down to some of them, byte by byte as they stand. */
import { unfold } from './field-text.js'

/** A header, blank line included, or any run of fields; offsets into the view. */
export interface HeaderRange {
  readonly start: number
  readonly end: number
}

/** Names to look for, prepared once. Case does not matter. RFC 5322 §1.2.2 */
export interface FieldNames {
  readonly byLength: ReadonlyMap<number, readonly Uint8Array[]>
}

/** One field: [start, end) are all its lines, line ends included; its value starts at `value`. */
export interface FieldAt {
  readonly start: number
  readonly value: number
  readonly end: number
}

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const COLON = 0x3a
const CRLF = Buffer.from('\r\n')

const lowerCase = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte))

/** Names as clients and scripts write them, without the colon; characters above 255 match nothing. */
export function fieldNames(names: readonly string[]): FieldNames {
  const byLength = new Map<number, Uint8Array[]>()
  for (const name of names) {
    const bytes = Buffer.from(name.toLowerCase(), 'latin1')
    byLength.set(bytes.length, [...(byLength.get(bytes.length) ?? []), bytes])
  }
  return { byLength }
}

/** Calls `found` for each field with one of the names, in the order of the header, until it returns false. */
export function findFields(
  view: Buffer,
  header: HeaderRange,
  { names, found }: { names: FieldNames; found: (field: FieldAt) => boolean | undefined },
): void {
  for (let line = header.start; line < header.end && !isBlankLine(view, line); ) {
    const end = fieldEnd(view, line, header.end)
    const colon = nameEnd(view, line, end)
    if (isNamed(view, { line, colon, names }) && found({ start: line, value: colon + 1, end }) === false) return
    line = end
  }
}

/** The unfolded values of all fields with this name: bytes as latin1 text, at most `limit` of them. */
export function fieldValues(
  view: Buffer,
  header: HeaderRange,
  { name, limit = 1000 }: { name: string; limit?: number },
): string[] {
  const values: string[] = []
  const found = ({ value, end }: FieldAt): boolean => {
    values.push(unfold(view, value, lineEndBefore(view, value, end)))
    return values.length < limit
  }
  findFields(view, header, { names: fieldNames([name]), found })
  return values
}

/**
 * BODY[HEADER.FIELDS (…)] and, with `keep: 'others'`, BODY[HEADER.FIELDS.NOT (…)]: the fields with their folds exactly as they
 * stand, then a blank line. Lines that are no field count among the others unless none with a colon follows, as in
 * Cyrus. RFC 9051 §6.4.5.2
 */
export function selectFields(
  view: Buffer,
  header: HeaderRange,
  { names, keep }: { names: FieldNames; keep: 'named' | 'others' },
): Buffer {
  const pieces: Buffer[] = []
  const lastColon = view.lastIndexOf(COLON, header.end - 1)
  let from = header.start
  let line = header.start
  let kept = false
  const flush = (to: number): void => {
    if (kept && to > from) pieces.push(view.subarray(from, to))
    from = to
  }
  while (line < header.end && line <= lastColon && !isBlankLine(view, line)) {
    const end = fieldEnd(view, line, header.end)
    const colon = nameEnd(view, line, end)
    const wanted = isNamed(view, { line, colon, names }) === (keep === 'named')
    if (wanted !== kept) {
      flush(line)
      kept = wanted
    }
    line = end
  }
  flush(line)
  pieces.push(CRLF)
  return Buffer.concat(pieces)
}

/** Also a line that starts with a lone CR, as in Cyrus. */
function isBlankLine(view: Buffer, line: number): boolean {
  return view[line] === LF || view[line] === CR
}

/** Past the last line of the field that starts at `line`. */
function fieldEnd(view: Buffer, line: number, limit: number): number {
  let next = line
  do {
    const lf = view.indexOf(LF, next)
    next = lf < 0 || lf >= limit ? limit : lf + 1
  } while (next < limit && (view[next] === SPACE || view[next] === TAB))
  return next
}

/** Where the colon stands that ends the name, or `end`: a name has no white space or control character. RFC 5322 §2.2 */
function nameEnd(view: Buffer, line: number, end: number): number {
  let at = line
  for (; at < end; at++) {
    const byte = view[at] as number
    if (byte === COLON) return at
    if (byte <= SPACE || byte >= 0x7f) return end
  }
  return end
}

function isNamed(view: Buffer, { line, colon, names }: { line: number; colon: number; names: FieldNames }): boolean {
  if (view[colon] !== COLON) return false
  for (const name of names.byLength.get(colon - line) ?? []) {
    let at = 0
    while (at < name.length && lowerCase[view[line + at] as number] === name[at]) at++
    if (at === name.length) return true
  }
  return false
}

/** The end of a field without its last line end. */
function lineEndBefore(view: Buffer, start: number, end: number): number {
  if (end <= start || view[end - 1] !== LF) return end
  return end - 1 > start && view[end - 2] === CR ? end - 2 : end - 1
}
