/** The log of a program: events in, lines out to stderr, syslog and CYRUS_SYSLOG_FILE. Never blocks, never throws. */
import { hostname } from 'node:os'
import type { Options } from '../config/options.js'
import { type Field, fieldsLine, type Level, type LogEvent, levels, oneLine } from './event.js'
import { type EventFields, type EventName, events } from './events.js'
import { fdWriter, fileWriter, type LineWriter, syslogWriter } from './line-writer.js'

export interface Log {
  /** Writes one event of the table. */
  readonly event: <Name extends EventName>(name: Name, fields: EventFields<Name>) => void
  /** The same log under the name of another service, for sessions of entries that share a process. */
  readonly named: (service: string) => Log
}

/** One line, as every writer gets it. */
export interface LogLine {
  readonly time: Date
  readonly level: Level
  readonly ident: string
  readonly name: EventName
  readonly fields: Readonly<Record<string, unknown>>
  readonly text: string
}

export type LogSink = (line: LogLine) => void

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number): string => String(number).padStart(2, '0')

/** `Nov  1 09:05:00`, local time. RFC 3164 §4.1.2 */
export function syslogTime(time: Date): string {
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  return `${months[time.getMonth()]} ${String(time.getDate()).padStart(2)} ${clock}`
}

/** `Mon DD HH:MM:SS host IDENT[PID]: text` */
export function syslogForm(line: LogLine, host: string): string {
  return `${syslogTime(line.time)} ${host} ${line.ident}[${process.pid}]: ${line.text}`
}

/** One JSON object a line. Errors are written as their message. */
export function jsonForm({ time, level, ident, name, fields, text }: LogLine, host: string): string {
  const plain = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? value.message : typeof value === 'bigint' ? String(value) : value,
    ]),
  )
  return JSON.stringify({ time: time.toISOString(), level, host, ident, pid: process.pid, event: name, ...plain, text })
}

const facilities = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news']
const severity: Record<Level, number> = { crit: 2, err: 3, warning: 4, notice: 5, info: 6, debug: 7 }

/** facility * 8 + severity, RFC 5424 §6.2.1 */
export function priority(facility: string, level: Level): number {
  const local = /^local([0-7])$/.exec(facility)
  const number = local ? 16 + Number(local[1]) : Math.max(0, facilities.indexOf(facility))
  return number * 8 + severity[level]
}

/** A log that hands its lines to `sink`: the core of every log, and all that a test needs. */
export function logTo(sink: LogSink, { ident, debug = false }: { ident: string; debug?: boolean }): Log {
  const least = levels.indexOf(debug ? 'debug' : 'info')
  return {
    event: (name, fields) => {
      const { level, text } = events[name] as LogEvent<never>
      if (levels.indexOf(level) > least) return
      try {
        const line = text ? text(fields as never) : fieldsLine(name, fields as Record<string, Field>)
        sink({ time: new Date(), level, ident, name, fields: fields as Record<string, unknown>, text: oneLine(line) })
      } catch {
        // A log line is never worth an exception where it was written.
      }
    },
    named: (service) => logTo(sink, { ident: ident.includes('/') ? ident.replace(/[^/]*$/, service) : service, debug }),
  }
}

/** A log for tests and for those who want none. */
export const noLog: Log = { event: () => undefined, named: () => noLog }

export interface LogSettings {
  /** The entry of cyrus.conf, or the program. */
  readonly service: string
  readonly options: Pick<Options, 'syslog_prefix' | 'syslog_facility' | 'log_format' | 'debug'>
  /** Where lines go beside CYRUS_SYSLOG_FILE: what master passes down in CYRUS_LOG, else syslog. */
  readonly to?: 'stderr' | 'syslog' | undefined
  readonly environment?: NodeJS.ProcessEnv
}

/** Opens the log of this process. */
export function openLog({ service, options, to, environment = process.env }: LogSettings): Log {
  const foreground = (to ?? environment['CYRUS_LOG']) === 'stderr'
  const host = hostname().split('.')[0] ?? 'localhost'
  const file = environment['CYRUS_SYSLOG_FILE']
  const sinks: LogSink[] = []
  if (file) sinks.push(lineSink(fileWriter(file), (line) => syslogForm(line, host)))
  if (foreground && options.log_format === 'json') sinks.push(lineSink(fdWriter(1), (line) => jsonForm(line, host)))
  else if (foreground) sinks.push(lineSink(fdWriter(2), (line) => syslogForm(line, host)))
  else sinks.push(syslogSink(options.syslog_facility))
  const ident = options.syslog_prefix ? `${options.syslog_prefix}/${service}` : service
  const everywhere: LogSink = (line) => {
    for (const sink of sinks) sink(line)
  }
  return logTo(everywhere, { ident, debug: options.debug })
}

function lineSink(writer: LineWriter, form: (line: LogLine) => string): LogSink {
  return (line) => {
    const lost = writer.takeLost()
    if (lost > 0) writer.write(form({ ...line, text: events['log.dropped'].text?.({ lines: lost }) ?? '' }))
    writer.write(form(line))
  }
}

/** One logger process for each name under which this process logs. */
function syslogSink(facility: string): LogSink {
  const writers = new Map<string, LogSink>()
  return (line) => {
    const sink =
      writers.get(line.ident) ??
      lineSink(syslogWriter(line.ident), ({ level, text }) => `<${priority(facility, level)}>${text}`)
    writers.set(line.ident, sink)
    sink(line)
  }
}
