/** The day a message says it was sent: what SENTBEFORE, SENTON and SENTSINCE compare. RFC 9051 §6.4.4 */
import { fieldValues } from '../../mime/header.js'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** [day-of-week ","] day month year, also as obs-date writes them. RFC 5322 §3.3, §4.3 */
const dateField = /^(?:[a-z]{3,9}\s*,)?\s*(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{2,4})(?!\d)/i

/** Milliseconds of that day's start in UTC, whatever the time and zone; undefined without a Date field that can be read. */
export function dayOfDateField(header: Buffer): number | undefined {
  const [value] = fieldValues(header, { start: 0, end: header.length }, { name: 'date', limit: 1 })
  const [, day, name, year] = dateField.exec(value ?? '') ?? []
  if (day === undefined || name === undefined || year === undefined) return undefined
  const month = months.indexOf(name.toLowerCase())
  return month < 0 ? undefined : Date.UTC(fullYear(Number(year), year.length), month, Number(day))
}

/** RFC 5322 §4.3: two digits below 50 are of this century, others and three digits count from 1900. */
function fullYear(year: number, digits: number): number {
  if (digits > 3) return year
  return digits === 2 && year < 50 ? 2000 + year : 1900 + year
}
