/** When an entry of EVENTS is next due. Pure: the clock is an argument. */
import type { CronTimes } from '../config/cron.js'
import type { EventTimes } from '../config/cyrus-conf.js'

const minute = 60_000

/** After so many days without a match a cron entry never matches (30 February). */
const farthest = 366 * 8

/**
 * The first moment after `after` at which the entry is due; undefined when there is none. Local time: an hour that the
 * clocks leave out runs as they are set forward, an hour that comes twice runs once (with `cron=` and `*` hours: twice).
 * `period` counts from `after`; `once` has no next time.
 */
export function nextRun(times: EventTimes, after: Date): Date | undefined {
  if (times.kind === 'once') return undefined
  if (times.kind === 'period') return new Date(after.getTime() + times.minutes * minute)
  if (times.kind === 'at') {
    const daily = {
      minutes: [times.minute],
      hours: [times.hour],
      days: undefined,
      months: undefined,
      weekdays: undefined,
    }
    return nextCron(daily, after)
  }
  return nextCron(times.times, after)
}

/** crontab(5): where both days and weekdays are given, either will do. */
function dayMatches({ days, months, weekdays }: CronTimes, date: Date): boolean {
  if (months && !months.includes(date.getMonth() + 1)) return false
  const byDay = days?.includes(date.getDate())
  const byWeekday = weekdays?.includes(date.getDay())
  return byDay === undefined || byWeekday === undefined ? (byDay ?? byWeekday ?? true) : byDay || byWeekday
}

function nextCron(times: CronTimes, after: Date): Date | undefined {
  const day = new Date(after.getFullYear(), after.getMonth(), after.getDate())
  for (let days = 0; days < farthest; days++) {
    const found = dayMatches(times, day) ? firstOfDay(times, day, after) : undefined
    if (found) return found
    day.setDate(day.getDate() + 1)
  }
  return undefined
}

function firstOfDay(times: CronTimes, day: Date, after: Date): Date | undefined {
  return times.hours === undefined ? everyHour(times, day, after) : certainHours(times.hours, times, day, after)
}

function certainHours(hours: readonly number[], { minutes }: CronTimes, day: Date, after: Date): Date | undefined {
  let found: Date | undefined
  for (const hour of hours)
    for (const of of minutes) {
      const moment = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour, of)
      if (moment > after && (!found || moment < found)) found = moment
    }
  return found
}

/** Walks real minutes, so that no hour is left out when clocks change. */
function everyHour({ minutes }: CronTimes, day: Date, after: Date): Date | undefined {
  const next = new Date(Math.floor(after.getTime() / minute) * minute + minute)
  const moment = next > day ? next : new Date(day)
  while (moment.getDate() === day.getDate() && moment.getMonth() === day.getMonth()) {
    if (minutes.includes(moment.getMinutes())) return moment
    moment.setTime(moment.getTime() + minute)
  }
  return undefined
}
