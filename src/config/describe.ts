/** The options of a configuration as text: what is set, what is in effect, what nobody knows. For cyr_info. */
import type { Setting } from './conf-lines.js'
import { type Meaning, meaningOf } from './imapd-conf.js'
import { type Option, readFlag } from './option.js'
import { optionTable } from './options.js'
import { upstreamOptions } from './upstream-options.js'

const optionOf = (name: string): Option<unknown> | undefined => {
  const entry = Object.hasOwn(optionTable, name) ? optionTable[name] : undefined
  return entry?.kind === 'option' ? entry : undefined
}

/** As it is written back: switches as yes and no, all else as it stands. */
function written(option: Option<unknown> | undefined, value: string): string {
  if (option?.type !== 'flag') return value
  try {
    return readFlag(value) ? 'yes' : 'no'
  } catch {
    return value
  }
}

const upstreamDefault = (name: string): string => {
  const known = upstreamOptions.get(name)
  if (known?.type === 'SWITCH') return known.default === '1' ? 'yes' : 'no'
  return known?.default ?? ''
}

const defaultOf = (name: string): string => optionOf(name)?.default ?? (optionOf(name) ? '' : upstreamDefault(name))

/** Names with a value of their own, each once, sorted; not those that stand for a family. */
function names(): string[] {
  const own = Object.keys(optionTable).filter((name) => optionOf(name))
  return [...new Set([...own, ...upstreamOptions.keys()])]
    .filter((name) => !name.endsWith('-name') && !['sasl_option', 'xlist-flag', '@include'].includes(name))
    .sort()
}

/** `name: value` for every option there is. */
export const defaultLines = (): string[] => names().map((name) => `${name}: ${defaultOf(name)}`.trimEnd())

/** What a service sees of the settings: the last of each option, its own before the general. */
function effective(settings: readonly Setting[], service: string | undefined): Map<string, string> {
  const values = new Map<string, string>()
  const rank = new Map<string, number>()
  for (const { key, value } of settings) {
    const meaning = meaningOf(key)
    const name = meaning.kind === 'option' ? meaning.name : key
    const own = meaning.kind === 'option' ? meaning.service : undefined
    if (own !== undefined && own !== service) continue
    const weight = (own === undefined ? 0 : 2) + (meaning.kind === 'option' && meaning.old ? 0 : 1)
    if (weight < (rank.get(name) ?? 0)) continue
    rank.set(name, weight)
    values.set(name, translated(meaning, value))
  }
  return values
}

function translated(meaning: Meaning, value: string): string {
  if (meaning.kind !== 'option' || !meaning.translate) return value
  try {
    return meaning.translate(value)
  } catch {
    return value
  }
}

/** Every option with its value in effect, then partitions and whatever else stands in the file. */
export function allLines(settings: readonly Setting[], service: string | undefined): string[] {
  const values = effective(settings, service)
  const known = names()
  const line = (name: string, value: string) => `${name}: ${written(optionOf(name), value)}`.trimEnd()
  const others = [...values].filter(([name]) => !known.includes(name))
  return [
    ...known.map((name) => line(name, values.get(name) ?? defaultOf(name))),
    ...others.map(([name, value]) => line(name, value)),
  ]
}

/** What is set otherwise than by default. */
export function changedLines(settings: readonly Setting[], service: string | undefined): string[] {
  const changed = (name: string, value: string) => {
    const option = optionOf(name)
    return option ? written(option, value) !== (option.default ?? '') : value !== upstreamDefault(name) || value !== ''
  }
  return [...effective(settings, service)]
    .filter(([name, value]) => changed(name, value))
    .map(([name, value]) => `${name}: ${written(optionOf(name), value)}`)
}

/** Settings that nobody knows: misspelt, or of a service that cyrus.conf does not have. */
export function unknownLines(settings: readonly Setting[], services: readonly string[] | undefined): string[] {
  return settings
    .filter(({ key }) => {
      const meaning = meaningOf(key)
      if (meaning.kind === 'unknown') return true
      const service = meaning.kind === 'option' && !meaning.old ? meaning.service : undefined
      return service !== undefined && services !== undefined && !services.includes(service)
    })
    .map(({ key, value }) => `${key}: ${value}`)
}
