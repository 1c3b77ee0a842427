/** What one log event is: its level, what it means, and the words that administrators and their tools know it by. */

/** The levels of syslog that are in use, most urgent first. RFC 5424 §6.2.1 */
export const levels = ['crit', 'err', 'warning', 'notice', 'info', 'debug'] as const
export type Level = (typeof levels)[number]

/** What a field may be. Undefined fields are left out. */
export type Field = string | number | bigint | boolean | undefined

/** Field names are a public interface, like the names of events. */
export type Fields = Readonly<Record<string, Field>>

export interface LogEvent<F> {
  readonly level: Level
  readonly doc: string
  /** The line; without it the line is `event=NAME field=value …`. */
  readonly text?: (fields: F) => string
}

/** Declares an event: `event({ level, doc, text: (fields: { user: string }) => … })`. */
export const event = <F>(about: LogEvent<F>): LogEvent<F> => about

const plainValue = /^[\w.:/@+<>[\],-]+$/

/** `event=login.good user=paul`, with quotes round what holds white space. */
export function fieldsLine(name: string, fields: Fields): string {
  const shown = Object.entries(fields).flatMap(([key, value]) => {
    if (value === undefined) return []
    const written = String(value)
    return [`${key}=${plainValue.test(written) ? written : JSON.stringify(written)}`]
  })
  return [`event=${name}`, ...shown].join(' ')
}

/** Longest line; the rest is cut off. */
export const longestLine = 8000

/** One line without control characters, so that nobody can forge a second one. Bounded. */
export function oneLine(text: string): string {
  const cut = text.length > longestLine ? `${text.slice(0, longestLine)}…` : text
  return cut.replace(/[\x00-\x1f\x7f\u2028\u2029]/g, (control) => {
    if (control === '\n') return '\\n'
    if (control === '\t') return ' '
    return `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

/** An error with where it came from, in one line; what caused it after it. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const [head = error.message, ...frames] = (error.stack ?? error.message).split('\n')
  const first = head.includes(error.message) ? head : `${error.name}: ${error.message}`
  const where = frames.slice(0, 8).map((frame) => frame.trim().replace(/file:\/\/\S*\/(?=[^/]+:\d+:\d+)/, ''))
  const cause = error.cause === undefined ? '' : `; caused by ${errorLine(error.cause)}`
  return `${first} ${where.join(' ')}${cause}`.trim()
}
