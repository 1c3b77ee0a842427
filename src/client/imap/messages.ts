// Messages: append, select, fetch, search and store, as tests, proxies and importers need them.
import { type Datum, listOf, numberOf, wireOf } from '../../syntax/imap/response-data.js'
import type { Completed, DataResponse, ImapClient, StatusResponse } from './client.js'
import { mailboxName } from './piece.js'

export interface Appended {
  readonly uidValidity: number
  readonly uid: number
}

/** APPEND; where it went, if the server tells. RFC 9051 §6.3.12, RFC 4315 §3 */
export async function append(
  client: ImapClient,
  mailbox: string,
  { message, flags = [], date }: { message: Buffer; flags?: readonly string[]; date?: string },
): Promise<Appended | undefined> {
  const when = date === undefined ? '' : ` "${date}"`
  const { code } = await client.run(['APPEND ', mailboxName(mailbox), ` (${flags.join(' ')})${when} `, message])
  const [validity, uid] = code?.name === 'APPENDUID' ? code.data.map(numberOf) : []
  return validity === undefined || uid === undefined ? undefined : { uidValidity: validity, uid }
}

export interface Selected {
  readonly exists: number
  readonly uidValidity: number | undefined
  readonly uidNext: number | undefined
}

/** SELECT. RFC 9051 §6.3.2 */
export async function select(client: ImapClient, mailbox: string): Promise<Selected> {
  const { data, notices } = await client.run(['SELECT ', mailboxName(mailbox)])
  const told = (name: string): number | undefined =>
    numberOf(notices.find(({ code }) => code?.name === name)?.code?.data[0])
  return {
    exists: data.find(({ name }) => name === 'EXISTS')?.number ?? 0,
    uidValidity: told('UIDVALIDITY'),
    uidNext: told('UIDNEXT'),
  }
}

/** One message's answers: the item as the server names it (upper case), and its value. */
export interface Fetched {
  readonly sequence: number
  readonly items: ReadonlyMap<string, Datum>
}

/** UID FETCH. RFC 9051 §6.4.9 */
export async function uidFetch(client: ImapClient, uids: string, items: string): Promise<Fetched[]> {
  const { data } = await client.run([`UID FETCH ${uids} ${items}`])
  return data.filter(({ name }) => name === 'FETCH').map(fetched)
}

function fetched({ number = 0, data }: DataResponse): Fetched {
  const list = listOf(data[0]) ?? []
  const items = new Map<string, Datum>()
  for (let at = 0; at + 1 < list.length; at += 2) {
    const value = list[at + 1]
    if (value) items.set((wireOf(list[at]) ?? '').toUpperCase(), value)
  }
  return { sequence: number, items }
}

/** UID SEARCH. RFC 9051 §6.4.4 */
export async function uidSearch(client: ImapClient, keys: string): Promise<number[]> {
  const { data } = await client.run([`UID SEARCH ${keys}`])
  const found = data.filter(({ name }) => name === 'SEARCH').flatMap((each) => each.data)
  return found.flatMap((datum) => numberOf(datum) ?? [])
}

/** An IDLE in progress. */
export interface Idling {
  /** DONE; resolves when the server has ended the command. */
  stop(): Promise<Completed>
}

/** IDLE: `hear` gets every response until `stop`. Resolves when the server waits. RFC 9051 §6.3.13 */
export function idle(client: ImapClient, hear: (response: DataResponse | StatusResponse) => void): Promise<Idling> {
  return new Promise((resolve, reject) => {
    const answer = (): undefined => {
      resolve({
        stop: () => {
          client.connection.write('DONE\r\n')
          return ended
        },
      })
    }
    const ended = client.run(['IDLE'], { answer, hear })
    ended.catch(reject)
  })
}
