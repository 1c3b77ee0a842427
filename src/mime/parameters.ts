/** The parameters of Content-Type and Content-Disposition, with the continuations of RFC 2231 §3 joined. */
import { type Cursor, isSpace, peek, readQuoted, readToken, skipSpace } from './lexer.js'

/** The name in upper case, the value as it stands: bytes as latin1 text, percent encoding not undone. */
export interface Parameter {
  readonly name: string
  readonly value: string
}

/** More are ignored: a hostile field costs bounded memory. */
export const MAX_PARAMETERS = 1000

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SEMICOLON = 0x3b
const EQUALS = 0x3d
const QUOTE = 0x22
const OPEN = 0x28

/**
 * Reads `;name=value;name=value …` from a cursor that stands at the end or on the first semicolon.
 * As Cyrus: a parameter that cannot be read is passed over up to the next semicolon or fold; an endless quote or
 * comment ends the list.
 */
export function readParameters(cursor: Cursor): Parameter[] {
  const found: Parameter[] = []
  let continued = false
  let more = peek(cursor) === SEMICOLON
  while (more && found.length < MAX_PARAMETERS) {
    cursor.at++
    const read = readParameter(cursor)
    if (read === 'end') break
    if (read !== 'unreadable') {
      found.push(read)
      if (read.name.includes('*')) continued = true
    }
    more = toSeparator(cursor)
  }
  return continued ? joinContinuations(found) : found
}

/** One parameter, the cursor past the separator before it. */
function readParameter(cursor: Cursor): Parameter | 'unreadable' | 'end' {
  skipSpace(cursor)
  const name = readToken(cursor).toUpperCase()
  const afterName = cursor.at
  skipSpace(cursor)
  if (peek(cursor) !== EQUALS) {
    // What follows white space here is passed over even if it is a semicolon, as in Cyrus.
    if (cursor.at > afterName) cursor.at++
    return 'unreadable'
  }
  cursor.at++
  skipSpace(cursor)
  const value = readValue(cursor)
  if (value === undefined) return 'end'
  skipSpace(cursor)
  const next = peek(cursor)
  return next === -1 || next === SEMICOLON ? { name, value } : 'unreadable'
}

/** To the next semicolon or the next line of the field; false if there is none. */
function toSeparator(cursor: Cursor): boolean {
  for (; cursor.at < cursor.end; cursor.at++) {
    const byte = cursor.view[cursor.at]
    if (byte === SEMICOLON || byte === CR || byte === LF) return true
  }
  return false
}

/**
 * A quoted string, or all up to a semicolon, comment or control character but tabs and folds, white space at its end not;
 * where there is nothing, a semicolon, as in Cyrus.
 */
function readValue(cursor: Cursor): string | undefined {
  const first = peek(cursor)
  if (first === -1) return undefined
  if (first === QUOTE) return readQuoted(cursor)
  if (first === SEMICOLON) {
    cursor.at++
    return ';'
  }
  const { view } = cursor
  const start = cursor.at
  for (; cursor.at < cursor.end; cursor.at++) {
    const byte = view[cursor.at]
    if (byte === SEMICOLON || byte === OPEN || isControl(view, cursor.at)) break
  }
  let end = cursor.at
  while (end > start && isSpace(view[end - 1] as number)) end--
  return view.toString('latin1', start, end)
}

function isControl(view: Buffer, at: number): boolean {
  const byte = view[at] as number
  return byte < 0x20 && byte !== TAB && byte !== LF && !(byte === CR && view[at + 1] === LF)
}

interface Piece {
  readonly base: string
  readonly section: number
  readonly extended: boolean
}

/** NAME*0, NAME*1*, …: RFC 2231 §3 and §4.1. */
function pieceOf(name: string): Piece | undefined {
  const match = /^([^*]*)\*(0|[1-9][0-9]{0,3})(\*?)$/.exec(name)
  if (!match) return undefined
  return { base: match[1] ?? '', section: Number(match[2]), extended: match[3] === '*' }
}

/** Each run NAME*0, NAME*1 … becomes one parameter where its first piece stood: NAME, or NAME* if a piece is encoded. */
function joinContinuations(list: readonly Parameter[]): Parameter[] {
  const pieces = list.map(({ name }) => pieceOf(name))
  const bySection = new Map<string, number[]>()
  pieces.forEach((piece, index) => {
    if (!piece) return
    const key = `${piece.section} ${piece.base}`
    const known = bySection.get(key)
    if (known) known.push(index)
    else bySection.set(key, [index])
  })
  const used = new Set<number>()
  const joined = new Map<number, Parameter>()
  pieces.forEach((piece, index) => {
    if (piece?.section !== 0) return
    const run = takeRun(piece.base, bySection)
    for (const member of run) used.add(member)
    joined.set(index, join(piece.base, run, { list, pieces }))
  })
  return list.flatMap((parameter, index) => joined.get(index) ?? (used.has(index) ? [] : [parameter]))
}

/** The first piece of each section 0, 1, 2 … that no earlier run took. */
function takeRun(base: string, bySection: ReadonlyMap<string, number[]>): number[] {
  const run: number[] = []
  for (let section = 0; ; section++) {
    const index = bySection.get(`${section} ${base}`)?.shift()
    if (index === undefined) return run
    run.push(index)
  }
}

function join(
  base: string,
  run: readonly number[],
  { list, pieces }: { list: readonly Parameter[]; pieces: readonly (Piece | undefined)[] },
): Parameter {
  const extended = run.some((index) => pieces[index]?.extended)
  const prefix = extended && !pieces[run[0] ?? 0]?.extended ? "''" : ''
  const texts = run.map((index) => {
    const value = list[index]?.value ?? ''
    return extended && !pieces[index]?.extended ? percentEncode(value) : value
  })
  return { name: extended ? `${base}*` : base, value: prefix + texts.join('') }
}

/** attribute-char of RFC 2231 §7 stays, everything else becomes %XX. */
function percentEncode(text: string): string {
  return text.replace(/[^!#$&+\-.0-9A-Z^_`a-z{|}~]/g, (char) => {
    const hex = char.charCodeAt(0).toString(16).toUpperCase()
    return `%${hex.padStart(2, '0')}`
  })
}
