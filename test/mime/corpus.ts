/** The corpus of ugly messages and what Debian's Cyrus 3.6 answers about them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = resolve(dirname(fileURLToPath(import.meta.url)), '../../../test/mime')
const directory = join(here, 'corpus')

/** One JSON array a line: name, ENVELOPE, BODY, BODYSTRUCTURE; each character of an answer is one octet. */
export const expectedFile = join(here, 'corpus.expected.jsonl')

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
