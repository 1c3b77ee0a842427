/** imapd.conf: settings to typed values for one service, with every mistake and every old spelling reported. */
import { isAbsolute } from 'node:path'
import { readConfLines, type Setting } from './conf-lines.js'
import { didYouMean } from './nearest.js'
import { notYet } from './not-yet.js'
import { BadValue, type Option, readFlag } from './option.js'
import { defaultValues, type Options, optionTable } from './options.js'
import { ConfigError, type ConfigProblem, isError } from './problem.js'
import { upstreamOptions } from './upstream-options.js'

/** Begins the text of the problem that an option has no meaning anywhere. */
export const unknownOption = 'nobody knows the option'

export const defaultImapdConf = '/etc/imapd.conf'

export interface ImapdConf {
  /** Usable when no problem is an error; else the best that could be made of it. */
  readonly values: Options
  readonly problems: readonly ConfigProblem[]
  /** What stands in the files, in order, as written. */
  readonly settings: readonly Setting[]
}

/** What a key of the file is. */
export type Meaning =
  | { kind: 'option'; name: string; service?: string; translate?: (text: string) => string; old?: string }
  | { kind: 'place'; of: 'partitions' | 'metapartitions' | 'xlist' | 'sasl'; name: string }
  | { kind: 'ignored' }
  | { kind: 'notImplemented' }
  | { kind: 'unknown' }

const meaningless = /(_db|_db_path)$|^(berkeley|skiplist)_/
const otherPartition = /^(archive|search|backup)partition-/

function directMeaning(key: string): Meaning {
  const entry = Object.hasOwn(optionTable, key) ? optionTable[key] : undefined
  if (entry?.kind === 'option') return { kind: 'option', name: key }
  if (entry?.kind === 'ignored') return { kind: 'ignored' }
  if (entry?.kind === 'renamed') {
    const to = meaningOf(entry.to)
    if (to.kind !== 'option') return to
    return { ...to, old: key, ...(entry.translate && { translate: entry.translate }) }
  }
  const place = /^(partition|metapartition|xlist)-(.+)$/.exec(key)
  if (place?.[1] === 'xlist') return { kind: 'place', of: 'xlist', name: place[2] ?? '' }
  if (place)
    return { kind: 'place', of: place[1] === 'partition' ? 'partitions' : 'metapartitions', name: place[2] ?? '' }
  if (key.startsWith('sasl_')) return { kind: 'place', of: 'sasl', name: key.slice(5) }
  if (meaningless.test(key)) return { kind: 'ignored' }
  if (upstreamOptions.has(key) || otherPartition.test(key)) return { kind: 'notImplemented' }
  return { kind: 'unknown' }
}

/** A key, or a key behind the name of a service: `imap_admins` is admins of the service imap. */
export function meaningOf(key: string): Meaning {
  const direct = directMeaning(key)
  if (direct.kind !== 'unknown') return direct
  for (let at = key.indexOf('_'); at > 0; at = key.indexOf('_', at + 1)) {
    const rest = directMeaning(key.slice(at + 1))
    if (rest.kind === 'option') return { ...rest, service: key.slice(0, at), ...(rest.old && { old: key }) }
    if (rest.kind === 'notImplemented' || rest.kind === 'ignored') return rest
  }
  return direct
}

const knownNames = () => [...Object.keys(optionTable), ...upstreamOptions.keys()]

interface Reading {
  readonly service: string | undefined
  readonly problems: ConfigProblem[]
  readonly values: Map<string, unknown>
  readonly places: Record<'partitions' | 'metapartitions' | 'xlist' | 'sasl', Map<string, string>>
  /** Who set a value, so that the special beats the general and the new name the old. */
  readonly rank: Map<string, number>
}

function note(reading: Reading, level: ConfigProblem['level'], { file, line }: Setting, text: string): void {
  reading.problems.push({ level, file, line, text })
}

function readValue(reading: Reading, setting: Setting, meaning: Meaning & { kind: 'option' }): void {
  const option = optionTable[meaning.name] as Option<unknown>
  const canonical = meaning.service ? `${meaning.service}_${meaning.name}` : meaning.name
  if (meaning.old) note(reading, 'notice', setting, `${meaning.old} is now called ${canonical}`)
  try {
    if (setting.value === '' && option.type !== 'text' && option.type !== 'words' && option.type !== 'bits')
      throw new BadValue('has no value')
    const value = option.read(meaning.translate ? meaning.translate(setting.value) : setting.value)
    if (meaning.service !== undefined && meaning.service !== reading.service) return
    const rank = (meaning.service === undefined ? 0 : 2) + (meaning.old ? 0 : 1)
    if (rank < (reading.rank.get(meaning.name) ?? -1)) return
    reading.rank.set(meaning.name, rank)
    reading.values.set(meaning.name, option.type === 'text' && value === '' ? option.unset : value)
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    note(reading, 'error', setting, `${setting.key}: ${error.message}${shown(setting)}`)
  }
}

/** The wrong value, unless it may be a secret. */
const shown = ({ key, value }: Setting): string => (value === '' || /pass|secret/.test(key) ? '' : `, not ${value}`)

/** Whether the text means what is so without it. */
function isDefault({ value }: Setting, name: string): boolean {
  const option = optionTable[name] as Option<unknown>
  try {
    return JSON.stringify(option.read(value)) === JSON.stringify(option.unset)
  } catch {
    return true
  }
}

function readPlace(reading: Reading, setting: Setting, { of, name }: Meaning & { kind: 'place' }): void {
  reading.places[of].set(name, setting.value)
  if (of.endsWith('partitions') && !isAbsolute(setting.value))
    note(reading, 'error', setting, `${setting.key}: must be an absolute path`)
}

function readSetting(reading: Reading, setting: Setting, strict: boolean, unimplemented: string[]): void {
  const meaning = meaningOf(setting.key)
  if (meaning.kind === 'option') {
    readValue(reading, setting, meaning)
    if (notYet.includes(meaning.name) && !isDefault(setting, meaning.name)) unimplemented.push(setting.key)
  } else if (meaning.kind === 'place') readPlace(reading, setting, meaning)
  else if (meaning.kind === 'notImplemented') unimplemented.push(setting.key)
  else if (meaning.kind === 'ignored') note(reading, 'notice', setting, `${setting.key} means nothing here, ignored`)
  else {
    const text = `${unknownOption} ${setting.key}${didYouMean(setting.key, knownNames())}`
    note(reading, strict ? 'error' : 'notice', setting, text)
  }
}

/** The last setting of a key counts; upstream stops at the second, and so do we. */
function noteRepeated(reading: Reading, settings: readonly Setting[]): void {
  const first = new Map<string, Setting>()
  for (const setting of settings) {
    const before = first.get(setting.key)
    if (!before) first.set(setting.key, setting)
    else if (before.value === setting.value)
      note(reading, 'notice', setting, `${setting.key} stands already at ${before.file}:${before.line}`)
    else
      note(
        reading,
        'error',
        setting,
        `${setting.key} is set otherwise at ${before.file}:${before.line}; keep one of them`,
      )
  }
}

function checkPlaces(path: string, values: Options, problems: ConfigProblem[]): void {
  const wrong = (text: string) => problems.push({ level: 'error', file: path, line: 0, text })
  if (values.configdirectory === '') wrong('configdirectory is not set; set it to a directory of the server')
  else if (!isAbsolute(values.configdirectory)) wrong('configdirectory must be an absolute path')
  if (values.partitions.size === 0) wrong('there is no partition; set partition-default to a directory for messages')
  else if (values.defaultpartition !== undefined && !values.partitions.has(values.defaultpartition))
    wrong(`defaultpartition names ${values.defaultpartition}, but there is no partition-${values.defaultpartition}`)
  for (const name of values.metapartitions.keys())
    if (!values.partitions.has(name)) wrong(`metapartition-${name} has no partition-${name}`)
  if (!/^[0-7]{3,4}$/.test(values.umask)) wrong('umask: must be three octal digits')
}

/** Paths may begin with {configdirectory}. */
function fillIn(values: Record<string, unknown>, directory: string): Options {
  const filled = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replaceAll('{configdirectory}', directory) : value,
  ])
  return Object.fromEntries(filled) as Options
}

/** Reads the file for one service of cyrus.conf (for its `NAME_option` lines). Throws nothing. */
export function readImapdConf(path: string, { service }: { service?: string } = {}): ImapdConf {
  const { settings, problems } = readConfLines(path)
  const reading: Reading = {
    service: service?.toLowerCase(),
    problems: [...problems],
    values: new Map(),
    places: { partitions: new Map(), metapartitions: new Map(), xlist: new Map(), sasl: new Map() },
    rank: new Map(),
  }
  const strict = settings.some(({ key, value }) => key === 'strict_config' && isYes(value))
  const unimplemented: string[] = []
  noteRepeated(reading, settings)
  for (const setting of settings) readSetting(reading, setting, strict, unimplemented)
  if (unimplemented.length > 0) {
    const text = `known to Cyrus but not implemented here, and without effect: ${[...new Set(unimplemented)].join(' ')}`
    reading.problems.push({ level: 'notice', file: path, line: 0, text })
  }
  const plain: Record<string, unknown> = {
    ...defaultValues(),
    ...Object.fromEntries(reading.values),
    ...reading.places,
  }
  const directory = String(plain['configdirectory']).replace(/(?<=.)\/+$/, '')
  const values = fillIn({ ...plain, configdirectory: directory }, directory)
  if (settings.length > 0) checkPlaces(path, values, reading.problems)
  return { values, problems: reading.problems, settings }
}

function isYes(value: string): boolean {
  try {
    return readFlag(value)
  } catch {
    return false
  }
}

/** The values for a program that cannot do without them. @throws ConfigError with every error of the file */
export function loadOptions(path = defaultImapdConf, about: { service?: string } = {}): Options {
  const { values, problems } = readImapdConf(path, about)
  if (problems.some(isError)) throw new ConfigError(problems)
  return values
}
