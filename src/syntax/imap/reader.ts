// A cursor over one command's (or response's) parts: the primitives with which every grammar rule is read.

import { Bad } from './bad.js'
import { ASTRING, ATOM, endOfRun, isDigit, isOf } from './characters.js'
import { type LiteralAnnouncement, literalAnnouncement } from './literal.js'

const SP = 0x20

/**
 * Reads the parts that the framer found: lines at even places, literals at odd ones. Every method either moves past
 * what it read or throws `Bad`; nothing is read twice and nothing outside the parts is seen.
 */
export class Reader {
  #parts: readonly Buffer[]
  #open: boolean
  #part = 0
  #line: Buffer
  #at = 0
  /** Where the current line ends, its literal announcement left out. */
  #end: number
  #literal: LiteralAnnouncement | undefined

  /** `open`: the parts end with an announcement whose literal has not been read yet. */
  constructor(parts: readonly Buffer[], { open = false } = {}) {
    this.#parts = parts
    this.#open = open
    this.#line = parts[0] ?? Buffer.alloc(0)
    this.#literal = undefined
    this.#end = this.#line.length
    this.#enter(0)
  }

  /** Whether everything has been read. */
  get atEnd(): boolean {
    return this.#at >= this.#end && this.#literal === undefined
  }

  /** The next octet, or undefined at a literal and at the end. */
  peek(): number | undefined {
    return this.#at < this.#end ? this.#line[this.#at] : undefined
  }

  /** The octet `ahead` places after the next one. */
  peekAt(ahead: number): number | undefined {
    return this.#at + ahead < this.#end ? this.#line[this.#at + ahead] : undefined
  }

  /** Whether a literal comes next. */
  get atLiteral(): boolean {
    return this.#at >= this.#end && this.#literal !== undefined
  }

  /** Moves past `char` if it comes next. */
  accept(char: string): boolean {
    if (this.peek() !== char.charCodeAt(0)) return false
    this.#at++
    return true
  }

  /** Moves past `char`, which must come next. */
  expect(char: string): void {
    if (!this.accept(char)) throw new Bad(`Expected ${char === ' ' ? 'a space' : char} ${this.where()}`)
  }

  /** Exactly one space, as the grammar has it. */
  space(): void {
    if (this.peek() !== SP) throw new Bad(`Missing required argument ${this.where()}`)
    this.#at++
  }

  /** The end of the command; trailing spaces are forgiven, as many clients send them. */
  end(): void {
    while (this.peek() === SP) this.#at++
    if (!this.atEnd) throw new Bad(`Unexpected extra arguments ${this.where()}`)
  }

  /** Moves past `word` (upper case) if the next octets are it, in any case, and no atom goes on after it. */
  acceptWord(word: string): boolean {
    const end = this.#at + word.length
    if (end > this.#end) return false
    for (let i = 0; i < word.length; i++) {
      let octet = this.#line[this.#at + i] ?? 0
      if (octet >= 0x61 && octet <= 0x7a) octet -= 0x20
      if (octet !== word.charCodeAt(i)) return false
    }
    if (endsInLetter(word) && end < this.#end && isOf(this.#line[end], ATOM)) return false
    this.#at = end
    return true
  }

  /** The longest run of octets of these classes, as ASCII; at least one. */
  run(classes: number, what: string): string {
    const end = Math.min(endOfRun(this.#line, this.#at, classes), this.#end)
    if (end === this.#at) throw new Bad(`Expected ${what} ${this.where()}`)
    const text = this.#line.toString('latin1', this.#at, end)
    this.#at = end
    return text
  }

  /** atom = 1*ATOM-CHAR */
  atom(what = 'an atom'): string {
    return this.run(ATOM, what)
  }

  /** 1*ASTRING-CHAR */
  astringAtom(what = 'a string'): string {
    return this.run(ASTRING, what)
  }

  /** number, at most `max`. RFC 9051 §9: number is 32 bits, number64 is 63; beyond 2^53 use `bigNumber`. */
  number(max = 0xffffffff): number {
    const digits = this.#digits()
    const value = Number(digits)
    if (digits.length > 16 || value > max) throw new Bad(`Number out of range ${this.where()}`)
    return value
  }

  /** nz-number: a number that is not 0. */
  nzNumber(max = 0xffffffff): number {
    const value = this.number(max)
    if (value === 0) throw new Bad(`Number must not be zero ${this.where()}`)
    return value
  }

  /** mod-sequence-value and number64, at most 2^63-1. RFC 7162 §7 */
  bigNumber(): bigint {
    const digits = this.#digits()
    const value = digits.length > 19 ? 1n << 64n : BigInt(digits)
    if (value >= 1n << 63n) throw new Bad(`Number out of range ${this.where()}`)
    return value
  }

  /** Exactly `count` digits. */
  digits(count: number): number {
    for (let i = 0; i < count; i++) if (!isDigit(this.peekAt(i))) throw new Bad(`Expected a digit ${this.where()}`)
    const value = Number(this.#line.toString('latin1', this.#at, this.#at + count))
    this.#at += count
    return value
  }

  /** Moves one octet on; only after `peek` saw it. */
  skip(): void {
    if (this.#at < this.#end) this.#at++
  }

  /** Moves one octet back in this line: for a rule whose first octet told which rule it is. */
  back(): this {
    if (this.#at > 0) this.#at--
    return this
  }

  /** The bytes of this line from here up to, and without, the first octet for which `stops` holds. */
  until(stops: (octet: number) => boolean): Buffer {
    let end = this.#at
    while (end < this.#end && !stops(this.#line[end] ?? 0)) end++
    const bytes = this.#line.subarray(this.#at, end)
    this.#at = end
    return bytes
  }

  /** The rest of this line, its literal announcement left out. */
  rest(): Buffer {
    return this.until(() => false)
  }

  /** The literal that comes next: what was announced and its bytes (none when it was streamed). */
  literal(): { readonly announced: LiteralAnnouncement; readonly bytes: Buffer } {
    const announced = this.#literal
    const bytes = this.#parts[this.#part + 1]
    if (this.#at < this.#end || announced === undefined || bytes === undefined) {
      throw new Bad(`Expected a literal ${this.where()}`)
    }
    this.#enter(this.#part + 2)
    return { announced, bytes }
  }

  /** Whether the literal that comes next has been read. */
  get hasLiteral(): boolean {
    return this.#part + 1 < this.#parts.length
  }

  /** Which literal of the command comes next, counted from 0. */
  get literalIndex(): number {
    return this.#part / 2
  }

  /** Reads `rule`; if it throws Bad the cursor is back where it was and the answer is undefined. */
  attempt<T>(rule: (input: Reader) => T): T | undefined {
    const [part, at] = [this.#part, this.#at]
    try {
      return rule(this)
    } catch (error) {
      if (!(error instanceof Bad)) throw error
      this.#enter(part)
      this.#at = at
      return undefined
    }
  }

  /** Says for a person where the cursor is. */
  where(): string {
    if (this.atEnd) return 'at the end'
    return this.#part === 0 ? `at column ${this.#at + 1}` : `after literal ${this.#part / 2}`
  }

  #digits(): string {
    let end = this.#at
    while (end < this.#end && isDigit(this.#line[end])) end++
    if (end === this.#at) throw new Bad(`Expected a number ${this.where()}`)
    const digits = this.#line.toString('latin1', this.#at, end)
    this.#at = end
    return digits
  }

  #enter(part: number): void {
    const line = this.#parts[part]
    if (line === undefined) throw new Bad('Literal without end of line')
    this.#part = part
    this.#line = line
    this.#at = 0
    this.#literal = part + 1 < this.#parts.length || this.#open ? literalAnnouncement(line) : undefined
    this.#end = line.length - (this.#literal === undefined ? 0 : announcementLength(line, this.#literal))
  }
}

function endsInLetter(word: string): boolean {
  const last = word.charCodeAt(word.length - 1)
  return isDigit(last) || (last >= 0x41 && last <= 0x5a)
}

/** Octets of "{n}", "{n+}" and "~{n}" at the line's end. */
function announcementLength(line: Uint8Array, literal: LiteralAnnouncement): number {
  return line.length - line.lastIndexOf(0x7b) + (literal.binary ? 1 : 0)
}
