/** What one option of imapd.conf is: how its text is read, what it is when absent, and what it is for. */

/** A value that an option cannot take; the message says what it may be and never repeats a secret. */
export class BadValue extends Error {
  override readonly name = 'BadValue'
}

export type OptionType = 'flag' | 'integer' | 'duration' | 'size' | 'choice' | 'bits' | 'words' | 'text'

/** An option that works here. `default` is the text one would write into the file; undefined means unset. */
export interface Option<T> {
  readonly kind: 'option'
  readonly type: OptionType
  readonly default: string | undefined
  readonly doc: string
  /** The first release of ours that has it. */
  readonly since: string
  /** What may be written, for choices and bits. */
  readonly allowed?: readonly string[]
  /** @throws BadValue when the text is not a value of this option */
  readonly read: (text: string) => T
  /** The value of an option that is neither set nor has a default text. */
  readonly unset: T
}

/** An old spelling: its value is that of `to`, translated where the meaning differs. */
export interface Renamed {
  readonly kind: 'renamed'
  readonly to: string
  readonly since: string
  /** @throws BadValue */
  readonly translate?: (text: string) => string
}

/** An option that means nothing here and is accepted all the same. */
export interface Ignored {
  readonly kind: 'ignored'
  readonly since: string
  readonly doc: string
}

export type OptionTable = Readonly<Record<string, Option<unknown> | Renamed | Ignored>>

interface About {
  readonly doc: string
  readonly since: string
}
interface WithDefault extends About {
  readonly default: string
}

const yes = ['1', 'yes', 'on', 't', 'true']
const no = ['0', 'no', 'off', 'f', 'false']

export function readFlag(text: string): boolean {
  const word = text.toLowerCase()
  if (yes.includes(word)) return true
  if (no.includes(word)) return false
  throw new BadValue('must be one of 1 yes on t true, or 0 no off f false')
}

export function readInteger(text: string): number {
  if (!/^[+-]?\d{1,15}$/.test(text)) throw new BadValue('must be a whole number')
  return Number(text)
}

const seconds = { s: 1, m: 60, h: 3600, d: 86400 }
export type DurationUnit = keyof typeof seconds

/** `1h30m`, `90s`, or a bare number in the option's own unit. Seconds; negative values have a meaning of their own. */
export function readDuration(text: string, unit: DurationUnit): number {
  const complaint = new BadValue(`must be a duration such as 90s, 5m, 1h30m or 7d (a bare number is taken as ${unit})`)
  const match = /^(-?)((?:\d{1,12}[smhd])*)(\d{1,12})?$/i.exec(text)
  if (!match || (!match[2] && !match[3])) throw complaint
  let total = Number(match[3] ?? 0) * seconds[unit]
  for (const [, digits, letter] of (match[2] ?? '').matchAll(/(\d+)([smhd])/gi))
    total += Number(digits) * seconds[(letter ?? 's').toLowerCase() as DurationUnit]
  return match[1] ? -total : total
}

const bytes = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }
export type SizeUnit = keyof typeof bytes

/** `128K`, `10 MB`, or a bare number in the option's own unit. Bytes; a negative number is -1, whatever the unit. */
export function readSize(text: string, unit: SizeUnit): number {
  const match = /^([+-]?\d{1,12})\s*(?:([kmg])(?:i?b)?|(b))?$/i.exec(text)
  if (!match) throw new BadValue(`must be a size such as 64B, 128K, 10M or 2G (a bare number is taken as ${unit})`)
  const size = Number(match[1]) * bytes[(match[2] ?? match[3] ?? unit).toLowerCase() as SizeUnit]
  return size < 0 ? -1 : size
}

export const readWords = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '')

function oneOf<const Name extends string>(allowed: readonly Name[], text: string): Name {
  const word = text.toLowerCase()
  const find = (wanted: string) => allowed.find((name) => name.toLowerCase() === wanted)
  const switched = yes.includes(word) ? find('on') : no.includes(word) ? find('off') : undefined
  const found = find(word) ?? switched
  if (found === undefined) throw new BadValue(`must be one of ${allowed.join(' ')}`)
  return found
}

export const flag = (about: About & { default: boolean }): Option<boolean> => ({
  ...about,
  kind: 'option',
  type: 'flag',
  default: about.default ? 'yes' : 'no',
  read: readFlag,
  unset: about.default,
})

/** A whole number, not below `min` when that is given. */
export const integer = (about: About & { default: number; min?: number }): Option<number> => ({
  kind: 'option',
  type: 'integer',
  doc: about.doc,
  since: about.since,
  default: String(about.default),
  read: (text) => {
    const value = readInteger(text)
    if (about.min !== undefined && value < about.min) throw new BadValue(`must not be below ${about.min}`)
    return value
  },
  unset: about.default,
})

/** Seconds. `unit` is what a bare number means. */
export const duration = (about: WithDefault & { unit: DurationUnit }): Option<number> => ({
  kind: 'option',
  type: 'duration',
  doc: about.doc,
  since: about.since,
  default: about.default,
  read: (text) => readDuration(text, about.unit),
  unset: readDuration(about.default, about.unit),
})

/** Bytes. `unit` is what a bare number means. */
export const size = (about: WithDefault & { unit: SizeUnit }): Option<number> => ({
  kind: 'option',
  type: 'size',
  doc: about.doc,
  since: about.since,
  default: about.default,
  read: (text) => readSize(text, about.unit),
  unset: readSize(about.default, about.unit),
})

/** One of a closed set. Where the set has on or off, the other spellings of a flag are understood. */
export const choice = <const Name extends string>(
  allowed: readonly Name[],
  about: About & { default: NoInfer<Name> },
): Option<Name> => ({
  ...about,
  kind: 'option',
  type: 'choice',
  allowed,
  read: (text) => oneOf(allowed, text),
  unset: about.default,
})

/** Any of a closed set, in the order of the set. `spellings` maps other names to those of the set. */
export const bits = <const Name extends string>(
  allowed: readonly Name[],
  about: About & { default: readonly NoInfer<Name>[]; spellings?: Readonly<Record<string, NoInfer<Name>>> },
): Option<readonly Name[]> => ({
  kind: 'option',
  type: 'bits',
  doc: about.doc,
  since: about.since,
  default: about.default.join(' '),
  allowed,
  read: (text) => {
    const set = new Set(readWords(text).map((word) => about.spellings?.[word.toLowerCase()] ?? oneOf(allowed, word)))
    return allowed.filter((name) => set.has(name))
  },
  unset: about.default,
})

/** Words between white space. */
export const words = (about: WithDefault): Option<readonly string[]> => ({
  ...about,
  kind: 'option',
  type: 'words',
  read: readWords,
  unset: readWords(about.default),
})

/** A text that is always there. `{configdirectory}` in it stands for that option's value. */
export const text = (about: WithDefault): Option<string> => ({
  ...about,
  kind: 'option',
  type: 'text',
  read: (value) => value,
  unset: about.default,
})

/** A text that may be absent. */
export const optionalText = (about: About): Option<string | undefined> => ({
  ...about,
  kind: 'option',
  type: 'text',
  default: undefined,
  read: (value) => value,
  unset: undefined,
})

export const renamed = (about: Omit<Renamed, 'kind'>): Renamed => ({ ...about, kind: 'renamed' })
export const ignored = (about: Omit<Ignored, 'kind'>): Ignored => ({ ...about, kind: 'ignored' })
