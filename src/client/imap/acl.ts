// Access rights over IMAP. RFC 4314
import { textOf, wireOf } from '../../syntax/imap/response-data.js'
import type { ImapClient } from './client.js'
import { astring, mailboxName, spaced } from './piece.js'

export interface AclEntry {
  readonly identifier: string
  readonly rights: string
}

/** GETACL, in the server's order. RFC 4314 §3.3 */
export async function getAcl(client: ImapClient, mailbox: string): Promise<AclEntry[]> {
  const { data } = await client.run(['GETACL ', mailboxName(mailbox)])
  const [, ...pairs] = data.find(({ name }) => name === 'ACL')?.data ?? []
  const entries: AclEntry[] = []
  for (let at = 0; at + 1 < pairs.length; at += 2)
    entries.push({ identifier: textOf(pairs[at]) ?? '', rights: wireOf(pairs[at + 1]) ?? '' })
  return entries
}

/** SETACL; rights may begin with "+" or "-". RFC 4314 §3.1 */
export async function setAcl(client: ImapClient, mailbox: string, { identifier, rights }: AclEntry): Promise<void> {
  await client.run(spaced(['SETACL', mailboxName(mailbox), astring(identifier), astring(rights)]))
}

/** DELETEACL. RFC 4314 §3.2 */
export async function deleteAcl(client: ImapClient, mailbox: string, identifier: string): Promise<void> {
  await client.run(spaced(['DELETEACL', mailboxName(mailbox), astring(identifier)]))
}

/** LISTRIGHTS: the rights that the identifier holds whatever the ACL says. RFC 4314 §3.4 */
export async function requiredRights(client: ImapClient, mailbox: string, identifier: string): Promise<string> {
  const { data } = await client.run(spaced(['LISTRIGHTS', mailboxName(mailbox), astring(identifier)]))
  return wireOf(data.find(({ name }) => name === 'LISTRIGHTS')?.data[2]) ?? ''
}
