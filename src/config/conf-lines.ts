/** The lines of imapd.conf: `key: value`, comments, `\` at the end of a line, and @include. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ConfigProblem } from './problem.js'

export interface Setting {
  /** In lower case. */
  readonly key: string
  readonly value: string
  readonly file: string
  readonly line: number
}

export interface ConfLines {
  readonly settings: readonly Setting[]
  readonly problems: readonly ConfigProblem[]
}

const deepest = 10

interface Reading {
  readonly settings: Setting[]
  readonly problems: ConfigProblem[]
}

function why(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'may not be read by this user'
  return code === 'EISDIR' ? 'is a directory' : `cannot be read (${code})`
}

/** Joins lines that end in a backslash; each keeps the number of its first line. */
function logicalLines(text: string): { text: string; line: number }[] {
  const joined: { text: string; line: number }[] = []
  let open = false
  text.split(/\r?\n/).forEach((physical, index) => {
    const more = physical.endsWith('\\') && !(!open && /^\s*#/.test(physical))
    const part = more ? physical.slice(0, -1) : physical
    const last = joined.at(-1)
    if (open && last) last.text += part
    else joined.push({ text: part, line: index + 1 })
    open = more
  })
  return joined
}

function readInto(reading: Reading, file: string, text: string, trail: readonly string[]): void {
  for (const { text: whole, line } of logicalLines(text)) {
    const content = whole.trim()
    if (content === '' || content.startsWith('#')) continue
    const match = /^([^\s:]+)\s*:\s*(.*)$/s.exec(content)
    const [key, value] = [(match?.[1] ?? '').toLowerCase(), match?.[2] ?? '']
    if (!match || !/^[a-z0-9_.@-]+$/.test(key))
      reading.problems.push({ level: 'error', file, line, text: 'this is not a line of the form `option: value`' })
    else if (key === '@include') include(reading, resolve(dirname(file), value), { file, line }, trail)
    else reading.settings.push({ key, value, file, line })
  }
}

function include(reading: Reading, path: string, at: { file: string; line: number }, trail: readonly string[]): void {
  const complain = (text: string) => reading.problems.push({ level: 'error', ...at, text })
  if (trail.includes(path)) complain(`${path} includes itself`)
  else if (trail.length >= deepest) complain(`more than ${deepest} files include one another`)
  else {
    try {
      readInto(reading, path, readFileSync(path, 'utf8'), [...trail, path])
    } catch (error) {
      complain(`${path}: ${why(error)}`)
    }
  }
}

/** Reads the file and what it includes (relative to the including file). Throws nothing: what is wrong is a problem. */
export function readConfLines(path: string): ConfLines {
  const reading: Reading = { settings: [], problems: [] }
  try {
    readInto(reading, path, readFileSync(path, 'utf8'), [resolve(path)])
  } catch (error) {
    reading.problems.push({ level: 'error', file: path, line: 0, text: why(error) })
  }
  return reading
}
