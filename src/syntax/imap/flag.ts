// flag, flag-list and store-att-flags.

import { Bad } from './bad.js'
import type { Reader } from './reader.js'

/** The system flags by their lower-case names, in the case of RFC 9051 §2.3.2. */
const systemFlags = new Map(
  ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'].map((flag) => [flag.toLowerCase(), flag]),
)
/** Most flags in one list. */
const MOST_FLAGS = 256

/** flag = system flag / keyword; others with a backslash, \Recent too, cannot be set. RFC 9051 §2.3.2 */
export function readFlag(input: Reader): string {
  if (!input.accept('\\')) return input.atom('a flag')
  const name = `\\${input.atom('a flag')}`
  const flag = systemFlags.get(name.toLowerCase())
  if (flag === undefined) throw new Bad(`Invalid system flag ${name}`)
  return flag
}

/** flag-list = "(" [flag *(SP flag)] ")"; each flag once, keywords compared without case. */
export function readFlagList(input: Reader): string[] {
  input.expect('(')
  const flags: string[] = []
  while (!input.accept(')')) {
    if (flags.length > 0) input.space()
    else while (input.accept(' '));
    if (input.accept(')')) break
    flags.push(readFlag(input))
    if (flags.length > MOST_FLAGS) throw new Bad('Too many flags')
  }
  return unique(flags)
}

function unique(flags: readonly string[]): string[] {
  return [...new Map(flags.toReversed().map((flag) => [flag.toLowerCase(), flag])).values()].toReversed()
}

export interface StoreFlags {
  readonly mode: 'replace' | 'add' | 'remove'
  readonly silent: boolean
  readonly flags: readonly string[]
}

/** store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))  RFC 9051 §9 */
export function readStoreFlags(input: Reader): StoreFlags {
  const mode = input.accept('+') ? 'add' : input.accept('-') ? 'remove' : 'replace'
  const silent = input.acceptWord('FLAGS.SILENT')
  if (!silent && !input.acceptWord('FLAGS')) throw new Bad(`Expected FLAGS ${input.where()}`)
  input.space()
  if (input.peek() === 0x28) return { mode, silent, flags: readFlagList(input) }
  const flags = [readFlag(input)]
  while (input.accept(' ') && !input.atEnd) flags.push(readFlag(input))
  return { mode, silent, flags: unique(flags) }
}

/** flag-list */
export function writeFlagList(flags: readonly string[]): string {
  return `(${flags.join(' ')})`
}
