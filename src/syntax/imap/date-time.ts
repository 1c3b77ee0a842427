// date and date-time.

import { Bad } from './bad.js'
import type { Reader } from './reader.js'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MINUTE = 60_000

/** date = date-text / DQUOTE date-text DQUOTE: milliseconds of that day's start, were it in UTC. RFC 9051 §9 */
export function readDate(input: Reader): number {
  const quoted = input.accept('"')
  const day = input.peekAt(1) === 0x2d ? input.digits(1) : input.digits(2)
  const time = readMonthAndYear(input, day)
  if (quoted) input.expect('"')
  return time
}

function readMonthAndYear(input: Reader, day: number): number {
  input.expect('-')
  const month = months.findIndex((name) => input.acceptWord(`${name.toUpperCase()}-`))
  if (month < 0) throw new Bad(`Invalid month ${input.where()}`)
  const year = input.digits(4)
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  if (date.getUTCDate() !== day) throw new Bad('No such day')
  return date.getTime()
}

/** date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE: ms since 1970. RFC 9051 §9 */
export function readDateTime(input: Reader): number {
  input.expect('"')
  const day = input.accept(' ') || input.peekAt(1) === 0x2d ? input.digits(1) : input.digits(2)
  const date = readMonthAndYear(input, day)
  input.space()
  const hour = input.digits(2)
  input.expect(':')
  const minute = input.digits(2)
  input.expect(':')
  const second = input.digits(2)
  if (hour > 23 || minute > 59 || second > 60) throw new Bad('No such time of day')
  input.space()
  const zone = readZone(input)
  input.expect('"')
  return date + (hour * 60 + minute - zone) * MINUTE + second * 1000
}

/** zone = ("+" / "-") 4DIGIT, as minutes east of UTC. */
function readZone(input: Reader): number {
  const east = input.accept('+')
  if (!east) input.expect('-')
  const minutes = input.digits(2) * 60
  const zone = minutes + input.digits(2)
  return east ? zone : -zone
}

/** date-time of `time` (ms since 1970) in UTC. */
export function writeDateTime(time: number): string {
  const date = new Date(time)
  const day = date.getUTCDate()
  const month = months[date.getUTCMonth()] ?? 'Jan'
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `"${day < 10 ? ' ' : ''}${day}-${month}-${String(date.getUTCFullYear()).padStart(4, '0')} ${clock} +0000"`
}

/** date of `time` (ms) in UTC. */
export function writeDate(time: number): string {
  const date = new Date(time)
  return `${date.getUTCDate()}-${months[date.getUTCMonth()]}-${String(date.getUTCFullYear()).padStart(4, '0')}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
