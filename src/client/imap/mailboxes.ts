// Mailboxes as an administrator and a reader see them: create, delete, rename, list, subscribe, status.
import { listOf, numberOf, wireOf } from '../../syntax/imap/response-data.js'
import type { DataResponse, ImapClient, Piece } from './client.js'
import { astring, mailboxName, spaced } from './piece.js'

export interface CreateOptions {
  /** An argument of Cyrus's; only administrators may give it. */
  readonly partition?: string | undefined
  /** `\Sent` and the like. RFC 6154 §3 */
  readonly specialUse?: string | undefined
}

/** CREATE. RFC 9051 §6.3.4 */
export async function createMailbox(client: ImapClient, name: string, options: CreateOptions = {}): Promise<void> {
  const { partition, specialUse } = options
  const extended = [
    ...(partition && specialUse ? ['PARTITION', astring(partition)] : []),
    ...(specialUse ? [`USE (${specialUse})`] : []),
  ]
  const last: Piece[] = specialUse ? ['(', ...spaced(extended), ')'] : partition ? [astring(partition)] : []
  await client.run(['CREATE ', mailboxName(name), ...(last.length > 0 ? [' ', ...last] : [])])
}

/** DELETE. RFC 9051 §6.3.5 */
export async function deleteMailbox(client: ImapClient, name: string): Promise<void> {
  await client.run(['DELETE ', mailboxName(name)])
}

/** RENAME; with a partition, which is an argument of Cyrus's, it may also move. RFC 9051 §6.3.6 */
export async function renameMailbox(
  client: ImapClient,
  { from, to, partition }: { from: string; to: string; partition?: string | undefined },
): Promise<void> {
  const names = [mailboxName(from), mailboxName(to), ...(partition === undefined ? [] : [astring(partition)])]
  await client.run(spaced(['RENAME', ...names]))
}

export interface Listed {
  /** As it travels: modified UTF-7. */
  readonly name: string
  /** With backslash, in the server's order. */
  readonly attributes: readonly string[]
  /** undefined: flat names. */
  readonly separator: string | undefined
}

export interface ListOptions {
  readonly reference?: string
  readonly pattern: string
  readonly select?: 'subscribed' | 'specialUse'
}

/** LIST, with subscriptions and special uses told where the server can; LSUB. RFC 9051 §6.3.9, RFC 3501 §6.3.9 */
export async function listMailboxes(client: ImapClient, options: ListOptions): Promise<Listed[]> {
  const { reference = '', pattern, select } = options
  const what = [mailboxName(reference), mailboxPattern(pattern)]
  const capabilities = await client.capabilities()
  const extended = capabilities.has('LIST-EXTENDED') || capabilities.has('IMAP4REV2')
  if (select === 'subscribed') return listed(await client.run(spaced(['LSUB', ...what])))
  if (!extended) return listed(await client.run(spaced(['LIST', ...what])))
  const use = capabilities.has('SPECIAL-USE')
  const returns = `RETURN (SUBSCRIBED CHILDREN${use ? ' SPECIAL-USE' : ''})`
  return listed(
    await client.run(spaced(['LIST', ...(select === 'specialUse' && use ? ['(SPECIAL-USE)'] : []), ...what, returns])),
  )
}

/** In quotes, so that wild cards reach the server. */
function mailboxPattern(typed: string): Piece {
  const name = mailboxName(typed)
  return typeof name === 'string' && !name.startsWith('"') ? `"${name}"` : name
}

function listed({ data }: { data: readonly DataResponse[] }): Listed[] {
  return data
    .filter(({ name }) => name === 'LIST' || name === 'LSUB')
    .map(({ data: [attributes, separator, name] }) => ({
      name: wireOf(name) ?? '',
      attributes: (listOf(attributes) ?? []).map((each) => wireOf(each) ?? ''),
      separator: wireOf(separator),
    }))
}

/** SUBSCRIBE. RFC 9051 §6.3.7 */
export async function subscribe(client: ImapClient, name: string): Promise<void> {
  await client.run(['SUBSCRIBE ', mailboxName(name)])
}

/** UNSUBSCRIBE. RFC 9051 §6.3.8 */
export async function unsubscribe(client: ImapClient, name: string): Promise<void> {
  await client.run(['UNSUBSCRIBE ', mailboxName(name)])
}

/** STATUS, of items that are numbers. RFC 9051 §6.3.11 */
export async function statusOf(
  client: ImapClient,
  name: string,
  items: readonly string[],
): Promise<Map<string, number>> {
  const { data } = await client.run(['STATUS ', mailboxName(name), ` (${items.join(' ')})`])
  const list = listOf(data.find((each) => each.name === 'STATUS')?.data[1]) ?? []
  const found = new Map<string, number>()
  for (let at = 0; at + 1 < list.length; at += 2) {
    const value = numberOf(list[at + 1])
    if (value !== undefined) found.set((wireOf(list[at]) ?? '').toUpperCase(), value)
  }
  return found
}
