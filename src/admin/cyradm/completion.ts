// What the tabulator key offers: verbs, mailboxes, identifiers, rights.
import type { ImapClient } from '../../client/imap/client.js'
import { listMailboxes } from '../../client/imap/mailboxes.js'
import { rightWords } from './right-words.js'
import type { Completion, Verb } from './verb.js'
import { verbNamed, verbs } from './verbs.js'

/** So many are offered at most. */
const MOST = 200

const fixed: Partial<Record<Completion, readonly string[]>> = {
  rights: rightWords,
  resource: ['STORAGE', 'MESSAGE', 'X-NUM-FOLDERS', 'X-ANNOTATION-STORAGE', 'none'],
  attribute: [
    'admin',
    'comment',
    'expire',
    'motd',
    'news2mail',
    'pop3showafter',
    'sharedseen',
    'shutdown',
    'sieve',
    'specialuse',
    'squat',
  ],
}

/** The words that could stand for the last one of the line, and that one. `client`: undefined without a connection. */
export async function complete(line: string, client: ImapClient | undefined): Promise<[string[], string]> {
  const words = (line.split(';').at(-1) ?? '').trimStart().split(/\s+/)
  const last = words.at(-1) ?? ''
  const [first = ''] = words
  const verb = words.length > 1 ? verbNamed(first) : undefined
  const offered = words.length === 1 ? verbNames : verb ? await wordsFor(verb, words, client) : []
  return [
    offered
      .filter((word) => word.startsWith(last))
      .slice(0, MOST)
      .map((word) => `${word} `),
    last,
  ]
}

const verbNames = verbs.flatMap(({ name, aliases }) => [name, ...aliases])

async function wordsFor(
  verb: Verb,
  words: readonly string[],
  client: ImapClient | undefined,
): Promise<readonly string[]> {
  const last = words.at(-1) ?? ''
  if (last.startsWith('-')) return Object.keys(verb.flags ?? {}).map((flag) => `--${flag}`)
  const kinds = verb.completes ?? []
  const at = words.filter((word) => !word.startsWith('-')).length - 2
  const kind = kinds[at] ?? repeated(kinds, at)
  if (kind === 'verb') return verbNames
  if (kind === 'mailbox') return client ? mailboxes(client, last) : []
  if (kind === 'identifier') return ['anyone', 'anonymous', ...(client ? await users(client, last) : [])]
  return kind === undefined ? [] : (fixed[kind] ?? [])
}

/** `id rights id rights …`: after the last kind the last two take turns; one alone repeats. */
function repeated(kinds: readonly Completion[], at: number): Completion | undefined {
  if (kinds.length < 3) return kinds.at(-1)
  return kinds[1 + ((at - 1) % (kinds.length - 1))]
}

async function mailboxes(client: ImapClient, beginning: string): Promise<string[]> {
  const found = await listMailboxes(client, { pattern: `${beginning}%` })
  return found.map(({ name }) => name)
}

async function users(client: ImapClient, beginning: string): Promise<string[]> {
  const found = await listMailboxes(client, { pattern: `user.${beginning}%` })
  return found.map(({ name, separator = '.' }) => name.split(separator)[1] ?? '')
}
