/** The grammar of cyrus.conf: sections of entries, entries of attributes, and where each stands. */
import type { ConfigProblem } from './problem.js'

export interface Attribute {
  /** In lower case. */
  readonly key: string
  readonly value: string
}

export interface RawEntry {
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly line: number
}

export interface RawSection {
  /** In capitals. */
  readonly name: string
  readonly line: number
  readonly entries: readonly RawEntry[]
}

interface Line {
  readonly text: string
  readonly line: number
}

/** Lines without comments and blank ones; those that end in a backslash joined to the next. */
function logicalLines(text: string): Line[] {
  const joined: { text: string; line: number }[] = []
  let open = false
  text.split(/\r?\n/).forEach((physical, index) => {
    const comment = !open && /^\s*#/.test(physical)
    const more = !comment && physical.endsWith('\\')
    const part = comment ? '' : more ? physical.slice(0, -1) : physical
    const last = joined.at(-1)
    if (open && last) last.text += part
    else joined.push({ text: part, line: index + 1 })
    open = more
  })
  return joined.map(({ text: whole, line }) => ({ text: whole.trim(), line })).filter((line) => line.text !== '')
}

const attribute = /\s*([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']*))(?=\s|\}|$)/y

/** `cmd="imapd -s" listen=imaps`: what could be read, and what is left over. */
function readAttributes(text: string): { attributes: Attribute[]; rest: string } {
  const attributes: Attribute[] = []
  let at = 0
  for (;;) {
    attribute.lastIndex = at
    const match = attribute.exec(text)
    if (!match) break
    const value = match[2]?.replace(/\\(["\\])/g, '$1') ?? match[3] ?? match[4] ?? ''
    attributes.push({ key: (match[1] ?? '').toLowerCase(), value })
    at = attribute.lastIndex
  }
  return { attributes, rest: text.slice(at).trim() }
}

export interface CyrusConfText {
  readonly sections: readonly RawSection[]
  readonly problems: readonly ConfigProblem[]
}

interface OpenSection {
  name: string
  line: number
  entries: RawEntry[]
}

/** Reads the whole text. Throws nothing: what cannot be read is a problem, and the rest is read all the same. */
export function readCyrusConfText(text: string, file: string): CyrusConfText {
  const sections: OpenSection[] = []
  const problems: ConfigProblem[] = []
  const wrong = (line: number, what: string) => problems.push({ level: 'error', file, line, text: what })
  let section: OpenSection | undefined
  let waiting: OpenSection | undefined
  const close = () => {
    section = undefined
  }
  const readEntry = (into: OpenSection, content: string, line: number) => {
    const ends = content.endsWith('}') && !/["'][^"']*\}$/.test(content)
    const body = ends ? content.slice(0, -1).trim() : content
    const name = /^[^\s={}]+(?=\s|$)/.exec(body)?.[0]
    const { attributes, rest } = readAttributes(body.slice(name?.length ?? 0))
    if (name === undefined) wrong(line, 'an entry begins with its name: `name key=value …`')
    else if (rest !== '') wrong(line, `${name}: cannot read ${JSON.stringify(rest.slice(0, 60))}; write key="value"`)
    if (name !== undefined) into.entries.push({ name, attributes, line })
    if (ends) close()
  }
  for (const { text: content, line } of logicalLines(text)) {
    const head = /^(\w+)\s*(\{?)\s*(\}?)$/.exec(content)
    if (content === '}') {
      if (section) close()
      else wrong(line, 'this } closes nothing')
    } else if (section) readEntry(section, content, line)
    else if (content === '{' && waiting) {
      section = waiting
      waiting = undefined
    } else if (head) {
      const opened = { name: (head[1] ?? '').toUpperCase(), line, entries: [] }
      sections.push(opened)
      if (!head[2]) waiting = opened
      else if (!head[3]) section = opened
    } else wrong(line, 'outside a section; write `START {`, `SERVICES {`, `EVENTS {` or `DAEMON {` before it')
  }
  if (section) wrong(section.line, `${section.name} is never closed with }`)
  if (waiting) wrong(waiting.line, `${waiting.name} needs { … }`)
  return { sections, problems }
}
