/** Flags as getopt(3) reads them: `-C file`, `-Cfile`, `-qf`, `--` ends them. Every program of Cyrus speaks so. */

export interface Flags {
  /** Each flag with its values in order; '' for one without a value. */
  readonly given: ReadonlyMap<string, readonly string[]>
  readonly rest: readonly string[]
  /** What is wrong with the command line, if anything. */
  readonly problem: string | undefined
}

/** `spec` is getopt's: letters, with a colon after those that take a value. Reading stops at the first other word. */
export function getopt(args: readonly string[], spec: string): Flags {
  const given = new Map<string, string[]>()
  const end = (at: number, problem?: string): Flags => ({ given, rest: args.slice(at), problem })
  const note = (letter: string, value: string) => given.set(letter, [...(given.get(letter) ?? []), value])
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? ''
    if (word === '--') return end(at + 1)
    if (!word.startsWith('-') || word === '-') return end(at)
    for (let index = 1; index < word.length; index++) {
      const letter = word[index] ?? ''
      const place = letter === ':' ? -1 : spec.indexOf(letter)
      if (place < 0) return end(at, `unknown option -${letter}`)
      if (spec[place + 1] !== ':') note(letter, '')
      else {
        const value = index + 1 < word.length ? word.slice(index + 1) : args[++at]
        if (value === undefined) return end(at, `option -${letter} needs a value`)
        note(letter, value)
        break
      }
    }
  }
  return end(args.length)
}

/** The last value of a flag. */
export const lastOf = (flags: Flags, letter: string): string | undefined => flags.given.get(letter)?.at(-1)
