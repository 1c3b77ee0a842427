/** cyrus.conf: what master starts, serves, repeats and keeps running. */
import { readFileSync } from 'node:fs'
import { type CronTimes, readCron } from './cron.js'
import { type RawEntry, type RawSection, readCyrusConfText } from './cyrus-conf-text.js'
import { didYouMean } from './nearest.js'
import { BadValue, readFlag, readInteger } from './option.js'
import type { ConfigProblem } from './problem.js'

export const defaultCyrusConf = '/etc/cyrus.conf'

interface Entry {
  readonly name: string
  /** As written, not yet split into words. */
  readonly cmd: string
  readonly line: number
}

export const protocols = ['tcp', 'tcp4', 'tcp6', 'udp', 'udp4', 'udp6'] as const
export type Protocol = (typeof protocols)[number]

export type StartEntry = Entry

export interface ServiceEntry extends Entry {
  readonly listen: string
  readonly proto: Protocol
  /** Workers that always wait for connections. */
  readonly prefork: number
  /** Simultaneous connections over all workers; undefined is no limit. */
  readonly maxchild: number | undefined
  /** File descriptors of one worker. */
  readonly maxfds: number
  /** Processes started in a second, at most; 0 is no limit. */
  readonly maxforkrate: number
  readonly babysit: boolean
  /** Processes; undefined is as many as there are processors. */
  readonly workers: number | undefined
}

export type EventTimes =
  | { readonly kind: 'period'; readonly minutes: number }
  | { readonly kind: 'at'; readonly hour: number; readonly minute: number }
  | { readonly kind: 'cron'; readonly times: CronTimes }
  | { readonly kind: 'once' }

export interface EventEntry extends Entry {
  readonly times: EventTimes
}

export interface DaemonEntry extends Entry {
  /** Whether master waits for `ok` on file descriptor 3. */
  readonly wait: boolean
}

export interface CyrusConf {
  readonly start: readonly StartEntry[]
  readonly services: readonly ServiceEntry[]
  readonly events: readonly EventEntry[]
  readonly daemons: readonly DaemonEntry[]
  readonly problems: readonly ConfigProblem[]
}

/** Attributes of releases long ago, which mean nothing any more. */
const forgotten = ['provide_uuid', 'snmp', 'lockprefork']

interface Reading {
  readonly file: string
  readonly problems: ConfigProblem[]
}

/** The attributes of one entry, read by name; what nobody reads is a mistake. */
class Attributes {
  readonly #entry: RawEntry
  readonly #reading: Reading
  readonly #known: string[] = []

  constructor(entry: RawEntry, reading: Reading) {
    this.#entry = entry
    this.#reading = reading
  }

  problem(level: ConfigProblem['level'], text: string): void {
    const { file, problems } = this.#reading
    problems.push({ level, file, line: this.#entry.line, text: `${this.#entry.name}: ${text}` })
  }

  /** The value, read by `read`, or undefined when it is absent or wrong. */
  get<T>(key: string, read: (text: string) => T): T | undefined {
    this.#known.push(key)
    const found = this.#entry.attributes.filter((attribute) => attribute.key === key)
    if (found.length > 1) this.problem('error', `${key} is given ${found.length} times`)
    const text = found.at(-1)?.value
    if (text === undefined) return undefined
    try {
      return read(text)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      this.problem('error', `${key}=${text}: ${error.message}`)
      return undefined
    }
  }

  required(key: string): string {
    const value = this.get(key, (text) => text.trim())
    if (value === undefined || value === '') this.problem('error', `has no ${key}=`)
    return value ?? ''
  }

  end(): void {
    for (const { key } of this.#entry.attributes) {
      if (this.#known.includes(key)) continue
      if (forgotten.includes(key)) this.problem('notice', `${key} means nothing here, ignored`)
      else this.problem('error', `nobody knows the attribute ${key}${didYouMean(key, this.#known)}`)
    }
  }
}

/** y and n, beside what imapd.conf understands. */
const readSwitch = (text: string): boolean => /^y$/i.test(text) || (!/^n$/i.test(text) && readFlag(text))

const atLeast = (least: number) => (text: string) => {
  const value = readInteger(text)
  if (value < least) throw new BadValue(`must not be below ${least}`)
  return value
}

function readProtocol(text: string): Protocol {
  const found = protocols.find((protocol) => protocol === text.toLowerCase())
  if (!found) throw new BadValue(`must be one of ${protocols.join(' ')}`)
  return found
}

/** `0401`, `401` or `04:01`. */
function readTimeOfDay(text: string): { hour: number; minute: number } {
  const match = /^(\d{1,2}):?(\d{2})$/.exec(text)
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2])]
  if (!(hour < 24 && minute < 60)) throw new BadValue('must be a time of day such as 0430')
  return { hour, minute }
}

const name = ({ name: text }: RawEntry) => text

function readService(entry: RawEntry, reading: Reading): ServiceEntry {
  const attributes = new Attributes(entry, reading)
  if (!/^\w+$/.test(entry.name)) attributes.problem('error', 'a service is named with letters, digits and _ only')
  const babysit =
    attributes.get('babysit', (text) => (/^\d+$/.test(text) ? Number(text) > 0 : readSwitch(text))) ?? false
  const prefork = attributes.get('prefork', atLeast(0)) ?? 0
  const maxchild = attributes.get('maxchild', atLeast(-1)) ?? -1
  const maxforkrate = attributes.get('maxforkrate', atLeast(0)) ?? 0
  const service = {
    name: name(entry),
    cmd: attributes.required('cmd'),
    listen: attributes.required('listen'),
    proto: attributes.get('proto', readProtocol) ?? 'tcp',
    prefork: babysit ? Math.max(1, prefork) : prefork,
    maxchild: maxchild < 0 ? undefined : maxchild,
    maxfds: attributes.get('maxfds', atLeast(1)) ?? 256,
    maxforkrate: babysit && maxforkrate === 0 ? 10 : maxforkrate,
    babysit,
    workers: attributes.get('workers', atLeast(1)),
    line: entry.line,
  }
  attributes.end()
  return service
}

function readEvent(entry: RawEntry, reading: Reading): EventEntry {
  const attributes = new Attributes(entry, reading)
  const cmd = attributes.required('cmd')
  const minutes = attributes.get('period', atLeast(0)) ?? 0
  const at = attributes.get('at', readTimeOfDay)
  const cron = attributes.get('cron', readCron)
  attributes.end()
  if (cron && (at || minutes > 0)) attributes.problem('error', 'cron= stands alone, without period= and at=')
  const times: EventTimes = cron
    ? { kind: 'cron', times: cron }
    : at
      ? { kind: 'at', ...at }
      : minutes > 0
        ? { kind: 'period', minutes }
        : { kind: 'once' }
  return { name: name(entry), cmd, times, line: entry.line }
}

function readDaemon(entry: RawEntry, reading: Reading): DaemonEntry {
  const attributes = new Attributes(entry, reading)
  const cmd = attributes.required('cmd')
  const wait = attributes.get('wait', readSwitch) ?? false
  attributes.end()
  return { name: name(entry), cmd, wait, line: entry.line }
}

function readStart(entry: RawEntry, reading: Reading): StartEntry {
  const attributes = new Attributes(entry, reading)
  const cmd = attributes.required('cmd')
  attributes.end()
  return { name: name(entry), cmd, line: entry.line }
}

const sectionNames = ['START', 'SERVICES', 'EVENTS', 'DAEMON']

function checkSections(sections: readonly RawSection[], reading: Reading): void {
  const { file, problems } = reading
  for (const { name: section, line } of sections)
    if (!sectionNames.includes(section)) {
      const text = `nobody knows the section ${section}${didYouMean(section, sectionNames)}`
      problems.push({ level: 'error', file, line, text })
    }
  const seen = new Map<string, number>()
  for (const entry of entriesOf(sections, 'SERVICES')) {
    const before = seen.get(entry.name)
    const text = `${entry.name}: a service of this name stands already in line ${before}`
    if (before !== undefined) problems.push({ level: 'error', file, line: entry.line, text })
    seen.set(entry.name, entry.line)
  }
}

const entriesOf = (sections: readonly RawSection[], section: string): readonly RawEntry[] =>
  sections.filter((candidate) => candidate.name === section).flatMap((candidate) => candidate.entries)

/** Reads a text; `file` is named in problems. Throws nothing. */
export function parseCyrusConf(text: string, file: string): CyrusConf {
  const { sections, problems } = readCyrusConfText(text, file)
  const reading: Reading = { file, problems: [...problems] }
  checkSections(sections, reading)
  const read = <T>(section: string, readOne: (entry: RawEntry, reading: Reading) => T): T[] =>
    entriesOf(sections, section).map((entry) => readOne(entry, reading))
  return {
    start: read('START', readStart),
    services: read('SERVICES', readService),
    events: read('EVENTS', readEvent),
    daemons: read('DAEMON', readDaemon),
    problems: reading.problems.sort((one, other) => one.line - other.line),
  }
}

/** Reads the file. Throws nothing: a file that cannot be read is a problem. */
export function readCyrusConf(path: string): CyrusConf {
  try {
    return parseCyrusConf(readFileSync(path, 'utf8'), path)
  } catch (error) {
    const text = `cannot be read: ${error instanceof Error ? error.message : String(error)}`
    const problems: ConfigProblem[] = [{ level: 'error', file: path, line: 0, text }]
    return { start: [], services: [], events: [], daemons: [], problems }
  }
}
