/** The corpus of ugly messages and what Debian's Cyrus 3.6 answers about them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = resolve(dirname(fileURLToPath(import.meta.url)), '../../../test/mime')
const directory = join(here, 'corpus')

/** One JSON array a line: name, ENVELOPE, BODY, BODYSTRUCTURE; each character of an answer is one octet. */
export const expectedFile = join(here, 'corpus.expected.jsonl')

/** One JSON array a line: name, then what each of `recordedSections` gave, null for NIL. */
export const sectionsFile = join(here, 'corpus.sections.jsonl')

export const recordedSections = [
  'HEADER',
  'TEXT',
  '1',
  '2',
  '3',
  '1.1',
  '1.2',
  '1.3',
  '1.1.1',
  '1.MIME',
  '2.MIME',
  '1.HEADER',
  '1.TEXT',
  '1.1.MIME',
  '1.1.HEADER',
  '1.1.TEXT',
  'HEADER.FIELDS (SUBJECT TO)',
  'HEADER.FIELDS.NOT (SUBJECT TO)',
  '1.HEADER.FIELDS (SUBJECT)',
  '1.HEADER.FIELDS.NOT (SUBJECT)',
]

export interface Answers {
  readonly name: string
  readonly envelope: string
  readonly body: string
  readonly bodyStructure: string
}

export function corpusNames(): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.eml'))
    .map((file) => file.slice(0, -'.eml'.length))
    .sort()
}

/** The bytes as stored, not the view. */
export function corpusMessage(name: string): Buffer {
  return readFileSync(join(directory, `${name}.eml`))
}

export function expectedAnswers(): Answers[] {
  const lines = readFileSync(expectedFile, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [name = '', envelope = '', body = '', bodyStructure = ''] = JSON.parse(line) as string[]
    return { name, envelope, body, bodyStructure }
  })
}

/** The messages whose sections are recorded: those with something in them, but small. */
export function sectionNames(): string[] {
  return corpusNames().filter((name) => /^(structure|raw)/.test(name) && corpusMessage(name).length < 2000)
}

export function expectedSections(): { name: string; sections: (string | null)[] }[] {
  const lines = readFileSync(sectionsFile, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [name, ...sections] = JSON.parse(line) as [string, ...(string | null)[]]
    return { name, sections }
  })
}
