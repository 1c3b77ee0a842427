/** The five fields of crontab(5), for `cron=` of an EVENTS entry. */
import { BadValue } from './option.js'

/** Sorted lists; undefined is `*`. Sunday is 0. */
export interface CronTimes {
  readonly minutes: readonly number[]
  readonly hours: readonly number[] | undefined
  readonly days: readonly number[] | undefined
  readonly months: readonly number[] | undefined
  readonly weekdays: readonly number[] | undefined
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

interface Range {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
}

function readNumber(text: string, { name, least, most, names = [] }: Range): number {
  const named = names.indexOf(text.toLowerCase())
  const value = named >= 0 ? named + least : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    throw new BadValue(`${name} must be between ${least} and ${most}, not ${text}`)
  return value
}

function readField(text: string, range: Range): number[] | undefined {
  if (text === '*') return undefined
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(?:\*|([^-/]+)(?:-([^-/]+))?)(?:\/(\d{1,2}))?$/.exec(part)
    if (!match) throw new BadValue(`${range.name} cannot be ${part}`)
    const step = Number(match[3] ?? 1)
    if (step === 0) throw new BadValue(`${range.name} cannot have the step 0`)
    const from = match[1] === undefined ? range.least : readNumber(match[1], range)
    const alone = match[1] !== undefined && match[2] === undefined && match[3] === undefined
    const to = match[2] === undefined ? (alone ? from : range.most) : readNumber(match[2], range)
    if (to < from) throw new BadValue(`${range.name} ${part} ends before it begins`)
    for (let value = from; value <= to; value += step) values.add(value)
  }
  return [...values].sort((one, other) => one - other)
}

const daily = '0 0 * * *'
const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': daily,
  '@midnight': daily,
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
}

/** `minute hour day month weekday`. @throws BadValue */
export function readCron(text: string): CronTimes {
  const fields = (nicknames[text.trim().toLowerCase()] ?? text).trim().split(/\s+/)
  const [minute, hour, day, month, weekday] = fields
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday)
    throw new BadValue('cron must be five fields: minute hour day month weekday')
  const minutes = readField(minute, { name: 'minute', least: 0, most: 59 })
  const weekdays = readField(weekday, { name: 'weekday', least: 0, most: 7, names: dayNames })
  return {
    minutes: minutes ?? Array.from({ length: 60 }, (_, index) => index),
    hours: readField(hour, { name: 'hour', least: 0, most: 23 }),
    days: readField(day, { name: 'day', least: 1, most: 31 }),
    months: readField(month, { name: 'month', least: 1, most: 12, names: monthNames }),
    weekdays: weekdays && [...new Set(weekdays.map((value) => value % 7))],
  }
}
