// Annotations of mailboxes and of the server. RFC 5464
import { listOf, textOf, wireOf } from '../../syntax/imap/response-data.js'
import type { ImapClient, Piece } from './client.js'
import { mailboxName, string } from './piece.js'

/** GETMETADATA; the mailbox "" is the server. Entries may end in `*`, which Cyrus and Angarium know. RFC 5464 §4.2 */
export async function getMetadata(
  client: ImapClient,
  mailbox: string,
  entries: readonly string[],
): Promise<Map<string, string | undefined>> {
  const list = entries.map((entry) => string(entry)).flatMap((piece, at): Piece[] => (at > 0 ? [' ', piece] : [piece]))
  const { data } = await client.run(['GETMETADATA ', named(mailbox), ' (', ...list, ')'])
  const found = new Map<string, string | undefined>()
  for (const response of data.filter(({ name }) => name === 'METADATA')) {
    const items = listOf(response.data[1]) ?? []
    for (let at = 0; at + 1 < items.length; at += 2) {
      const value = items[at + 1]
      found.set(wireOf(items[at]) ?? '', value?.kind === 'nil' ? undefined : textOf(value))
    }
  }
  return found
}

/** SETMETADATA of one entry; undefined takes it away. RFC 5464 §4.3 */
export async function setMetadata(
  client: ImapClient,
  mailbox: string,
  { entry, value }: { entry: string; value: string | undefined },
): Promise<void> {
  const written = value === undefined ? 'NIL' : string(value)
  await client.run(['SETMETADATA ', named(mailbox), ' (', string(entry), ' ', written, ')'])
}

const named = (mailbox: string): Piece => (mailbox === '' ? '""' : mailboxName(mailbox))
