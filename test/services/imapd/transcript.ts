/** Transcripts: what clients say and what a server must answer, as plain text that anybody can read and write. */

/** One line of a transcript: `2 C: text` or `S: text`; connection 1 where no number stands. */
export interface Step {
  readonly line: number
  readonly connection: number
  readonly from: 'C' | 'S'
  readonly text: string
}

/** `key: value` lines before the first step: see `preparations` in target.ts. */
export interface Transcript {
  readonly name: string
  readonly directives: readonly { readonly key: string; readonly value: string }[]
  readonly steps: readonly Step[]
}

const step = /^(?:(\d+) )?([CS]):(?: (.*))?$/
const directive = /^([a-z-]+): (.*)$/

export function readTranscript(name: string, text: string): Transcript {
  const directives: { key: string; value: string }[] = []
  const steps: Step[] = []
  text.split('\n').forEach((raw, index) => {
    const [, number, from, said] = step.exec(raw) ?? []
    if (from === 'C' || from === 'S') {
      steps.push({ line: index + 1, connection: Number(number ?? 1), from, text: said ?? '' })
      return
    }
    const [, key, value] = directive.exec(raw) ?? []
    if (key !== undefined && value !== undefined && steps.length === 0) directives.push({ key, value: value.trim() })
    else if (raw.trim() !== '' && !raw.startsWith('#')) throw new Error(`${name}:${index + 1}: not a step: ${raw}`)
  })
  return { name, directives, steps }
}

/**
 * Whether a line is what the step says. "…" stands for anything, also nothing. Words in parentheses match in any order
 * when the step writes them as `(~ a b)`.
 */
export function matchesStep(line: string, wanted: string): boolean {
  const unordered = wanted.indexOf('(~')
  if (unordered < 0) return pattern(wanted).test(line)
  const end = wanted.indexOf(')', unordered)
  const start = pattern(wanted.slice(0, unordered), 'start').exec(line)
  if (start === null || line[start[0].length] !== '(') return false
  const close = line.indexOf(')', start[0].length)
  const words = (text: string): string => text.trim().split(/\s+/).sort().join(' ')
  return (
    words(line.slice(start[0].length + 1, close)) === words(wanted.slice(unordered + 2, end)) &&
    pattern(wanted.slice(end + 1)).test(line.slice(close + 1))
  )
}

function pattern(wanted: string, part: 'all' | 'start' = 'all'): RegExp {
  const source = wanted
    .split('…')
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}${part === 'all' ? '$' : ''}`, 's')
}
