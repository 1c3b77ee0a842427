// Quota over IMAP. RFC 9208
import { listOf, numberOf, wireOf } from '../../syntax/imap/response-data.js'
import type { DataResponse, ImapClient } from './client.js'
import { mailboxName } from './piece.js'

export interface QuotaResource {
  /** Upper case: `STORAGE` (in KB), `MESSAGE` … */
  readonly resource: string
  readonly usage: number
  readonly limit: number
}

export interface QuotaRoot {
  readonly root: string
  readonly resources: readonly QuotaResource[]
}

/** GETQUOTA: the limits of a root; throws ImapRefused when it has none. RFC 9208 §4.1.1 */
export async function getQuota(client: ImapClient, root: string): Promise<QuotaRoot[]> {
  return roots((await client.run(['GETQUOTA ', mailboxName(root)])).data)
}

/** GETQUOTAROOT: the roots above a mailbox, with their limits. RFC 9208 §4.1.2 */
export async function getQuotaRoot(client: ImapClient, mailbox: string): Promise<QuotaRoot[]> {
  return roots((await client.run(['GETQUOTAROOT ', mailboxName(mailbox)])).data)
}

/** SETQUOTA: no limits at all takes the root away. RFC 9208 §4.1.3 */
export async function setQuota(
  client: ImapClient,
  root: string,
  limits: readonly { readonly resource: string; readonly limit: number }[],
): Promise<void> {
  const list = limits.map(({ resource, limit }) => `${resource} ${limit}`).join(' ')
  await client.run(['SETQUOTA ', mailboxName(root), ` (${list})`])
}

function roots(data: readonly DataResponse[]): QuotaRoot[] {
  return data
    .filter(({ name }) => name === 'QUOTA')
    .map(({ data: [root, list] }) => {
      const items = listOf(list) ?? []
      const resources: QuotaResource[] = []
      for (let at = 0; at + 2 < items.length; at += 3)
        resources.push({
          resource: (wireOf(items[at]) ?? '').toUpperCase(),
          usage: numberOf(items[at + 1]) ?? 0,
          limit: numberOf(items[at + 2]) ?? 0,
        })
      return { root: wireOf(root) ?? '', resources }
    })
}
