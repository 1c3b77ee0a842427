// The flags of verbs: `--partition NAME` in full, `-p NAME` and `-part NAME` as the Tcl shell had them. Pure.

/** Name of a flag, and whether a value follows it. */
export type FlagKinds = Readonly<Record<string, 'value' | 'switch'>>

export interface Arguments {
  /** What is no flag, in order. */
  readonly words: readonly string[]
  /** The values given; a switch has the value "". */
  readonly flags: ReadonlyMap<string, string>
}

/** The words do not fit the verb: its usage is shown. */
export class Usage extends Error {}

/**
 * `--` ends the flags. A word that begins with one minus and is no beginning of a flag stays a word where `loose` holds:
 * an identifier such as `-dave`. Throws Usage.
 */
export function readFlags(words: readonly string[], kinds: FlagKinds, { loose = false } = {}): Arguments {
  const flags = new Map<string, string>()
  const plain: string[] = []
  const left = [...words]
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--') {
      plain.push(...left)
      break
    }
    const name = word.startsWith('-') && word.length > 1 ? flagNamed(word, kinds) : undefined
    if (name === undefined) {
      if (word.startsWith('--') || (word.startsWith('-') && word.length > 1 && !loose)) throw new Usage()
      plain.push(word)
    } else if (kinds[name] === 'switch') flags.set(name, '')
    else {
      const joined = /^--[^=]+=(.*)$/s.exec(word)?.[1]
      const value = joined ?? left.shift()
      if (value === undefined) throw new Usage()
      flags.set(name, value)
    }
  }
  return { words: plain, flags }
}

/** GNU flags are written in full, Tcl ones may be shortened; the first of the table wins. */
function flagNamed(word: string, kinds: FlagKinds): string | undefined {
  const names = Object.keys(kinds)
  if (word.startsWith('--')) return names.find((name) => name === word.slice(2).split('=')[0])
  return names.find((name) => name.startsWith(word.slice(1)))
}
