/** Dates of header fields. RFC 5322 §3.3, read as leniently as mail needs. */

export interface MessageDate {
  /** The instant, in seconds since 1970 UTC. */
  readonly time: number
  /** Minutes east of UTC; 0 where the zone is missing or means nothing. */
  readonly zone: number
  /** The calendar date as it is written, in its own zone: what SENTON compares. RFC 9051 §6.4.4 */
  readonly year: number
  /** 1 … 12 */
  readonly month: number
  readonly day: number
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
/** obs-zone of RFC 5322 §4.3, in minutes; military letters mean nothing certain, so 0. */
const zones: ReadonlyMap<string, number> = new Map([
  ['EST', -300],
  ['EDT', -240],
  ['CST', -360],
  ['CDT', -300],
  ['MST', -420],
  ['MDT', -360],
  ['PST', -480],
  ['PDT', -420],
  ['CET', 60],
  ['CEST', 120],
])

/** Longer texts are no dates. */
const LONGEST = 200

const clock = /^(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d*)?)?$/

/**
 * Reads the value of a Date field. The weekday, commas, seconds and zone may be missing; the month may be written out; years
 * of two and three digits are those of RFC 5322 §4.3; also what asctime() and RFC 3339 write. Undefined if it is no date.
 */
export function readDate(text: string): MessageDate | undefined {
  if (text.length > LONGEST) return undefined
  const iso = /^\s*(\d{4})-(\d\d)-(\d\d)[T ]([\d:.]+?)\s*(Z|[+-]\d\d:?\d\d)?\s*$/i.exec(text)
  if (iso)
    return dateOf({ year: iso[1], month: Number(iso[2]), day: iso[3], time: iso[4], zone: iso[5]?.replace(':', '') })
  const words = withoutComments(text).split(/[\s,]+/)
  const named = words.flatMap((word) => splitDashes(word))
  const monthAt = named.findIndex((word) => monthOf(word) > 0)
  if (monthAt < 0) return undefined
  const month = monthOf(named[monthAt] ?? '')
  const before = named[monthAt - 1] ?? ''
  const rest = named.slice(monthAt + 1)
  const timeAt = rest.findIndex((word) => clock.test(word))
  const time = rest[timeAt]
  if (/^\d{1,2}$/.test(before)) {
    return dateOf({ year: rest[0], month, day: before, time, zone: timeAt < 0 ? undefined : rest[timeAt + 1] })
  }
  // asctime(): Feb  7 21:52:25 1994, with a zone on either side of the year.
  const [day, ...others] = rest
  const year = others.find((word) => /^\d{4}$/.test(word))
  return dateOf({ year, month, day, time, zone: others.find((word) => /^([A-Z]{2,4}|[+-]\d{4})$/.test(word)) })
}

/** 7-Feb-1994 is three words; -0800 is one. */
function splitDashes(word: string): string[] {
  return /^\d{1,2}-[A-Za-z]+-\d+$/.test(word) ? word.split('-') : [word]
}

function monthOf(word: string): number {
  return /^[A-Za-z]{3,9}\.?$/.test(word) ? months.indexOf(word.slice(0, 3).toLowerCase()) + 1 : 0
}

interface Written {
  readonly year: string | undefined
  readonly month: number
  readonly day: string | undefined
  readonly time: string | undefined
  readonly zone: string | undefined
}

function dateOf(written: Written): MessageDate | undefined {
  const { month } = written
  const year = fullYear(written.year ?? '')
  const day = /^\d{1,2}$/.test(written.day ?? '') ? Number(written.day) : 0
  const [, hour = '0', minute = '0', second = '0'] = clock.exec(written.time ?? '') ?? []
  if (year === undefined || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined
  const zone = zoneOf(written.zone ?? '')
  const time = Date.UTC(year, month - 1, day, Number(hour), Number(minute), Number(second)) / 1000 - zone * 60
  return { time, zone, year, month, day }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** RFC 5322 §4.3 */
function fullYear(text: string): number | undefined {
  if (!/^\d{2,4}$/.test(text)) return undefined
  const value = Number(text)
  if (text.length === 4) return value >= 1000 ? value : undefined
  return text.length === 2 && value < 50 ? 2000 + value : 1900 + value
}

function zoneOf(text: string): number {
  const match = /^([+-])(\d\d)(\d\d)$/.exec(text)
  if (!match) return zones.get(text.toUpperCase()) ?? 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return Number(match[3]) > 59 || minutes > 24 * 60 ? 0 : match[1] === '-' ? -minutes : minutes
}

/** Comments may nest; an open one swallows the rest. */
function withoutComments(text: string): string {
  let depth = 0
  let kept = ''
  for (const char of text) {
    if (char === '(') depth++
    else if (char === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) kept += char
    if (depth > 0 && char === '(') kept += ' '
  }
  return kept
}

/** The value of a Date field: `Mon, 07 Feb 1994 21:52:25 -0800`. `time` in seconds since 1970 UTC, `zone` in minutes. */
export function writeDate(time: number, zone: number): string {
  const local = new Date((time + zone * 60) * 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const month = months[local.getUTCMonth()] ?? ''
  const date = `${two(local.getUTCDate())} ${month.charAt(0).toUpperCase()}${month.slice(1)} ${local.getUTCFullYear()}`
  const hours = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`
  const east = Math.abs(zone)
  const offset = `${zone < 0 ? '-' : '+'}${two(Math.floor(east / 60))}${two(east % 60)}`
  return `${days[local.getUTCDay()]}, ${date} ${hours} ${offset}`
}
