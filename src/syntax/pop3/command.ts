/** A command line: keyword and arguments. RFC 1939 §3, RFC 2449 §4 */
import { Bad } from './bad.js'

/** Octets of a line, its end not counted. RFC 2449 §4 says 255; SASL responses may be longer, RFC 5034 §4. */
export const longestLine = 16 * 1024

export interface CommandLine {
  /** In upper case. */
  readonly keyword: string
  /** What follows the keyword and one space, as it is: passwords may hold spaces. */
  readonly rest: string
}

const SPACE = 32

/** @throws Bad */
export function readCommandLine(line: Buffer): CommandLine {
  const space = line.indexOf(SPACE)
  const word = space < 0 ? line : line.subarray(0, space)
  const keyword = word.toString('latin1').toUpperCase()
  if (!/^[A-Z][A-Z0-9]{0,15}$/.test(keyword)) throw new Bad('Unrecognized command')
  const bytes = space < 0 ? line.subarray(line.length) : line.subarray(space + 1)
  const rest = bytes.toString('utf8')
  if (rest.includes('\0')) throw new Bad('NUL is not allowed')
  if (rest.includes('\ufffd') && !Buffer.from(rest).equals(bytes)) throw new Bad('Arguments must be UTF-8')
  return { keyword, rest }
}

/** Words between spaces; spaces at the end do no harm. @throws Bad unless their number is between `least` and `most` */
export function readWords(rest: string, { least, most }: { least: number; most: number }): string[] {
  const words = rest.split(' ').filter((word) => word !== '')
  if (words.length < least) throw new Bad('Missing argument')
  if (words.length > most) throw new Bad('Unexpected extra argument')
  return words
}

/** A message number or a number of lines: digits. RFC 1939 §5. @throws Bad */
export function readNumber(word: string): number {
  if (!/^\d{1,10}$/.test(word)) throw new Bad('Argument must be a number')
  return Number(word)
}
