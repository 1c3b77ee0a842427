/** The server that transcripts are played against: one in this process, or any other by its address. */
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { LineClient } from './line-client.js'
import { ADMIN, openLocalServer, PASSWORD } from './local-server.js'
import { message } from './messages.js'
import type { Transcript } from './transcript.js'

/**
 * Prepared for one transcript. Directives:
 * - `users: fred anne`: each gets an INBOX. Connection 1 is the first of them, connection 2 the second or again the first …
 * - `connections: fred fred anne`: who the connections log in as; `-` leaves one at the greeting.
 * - `mailboxes: fred Work`, `messages: fred INBOX 3`: made or appended by that user, message n as in messages.ts.
 * - `altnamespace: yes`, `unixhierarchysep: yes`: both off unless said; such transcripts run here only.
 * - `only: local`: the transcript needs this server.
 */
export interface Target {
  /** A connection as the transcript numbers them, logged in. */
  connection(number: number): Promise<LineClient>
  close(): Promise<void>
}

/** `host:port` of a server whose administrator is `cyrus` and where every password is `secret`. */
const elsewhere = process.env['IMAP_TRANSCRIPT_SERVER']

export const isLocal = elsewhere === undefined

const separatorHere = '.'

export async function openTarget(transcript: Transcript): Promise<Target> {
  const all = (key: string): string[] =>
    transcript.directives.filter((each) => each.key === key).map(({ value }) => value)
  const users = all('users').flatMap((value) => value.split(' '))
  const names = all('connections').flatMap((value) => value.split(' '))
  const open = await server(all)
  const clients = new Map<number, LineClient>()
  const login = async (user: string): Promise<LineClient> => {
    const client = new LineClient(open.connect())
    if (user === '-') return client
    await client.line()
    await expectOk(client, `LOGIN ${user} ${PASSWORD}`)
    return client
  }
  await prepare({ users, login, mailboxes: all('mailboxes'), messages: all('messages') })
  return {
    async connection(number) {
      const known = clients.get(number)
      if (known !== undefined) return known
      const client = await login(names[number - 1] ?? users[number - 1] ?? users[0] ?? '-')
      clients.set(number, client)
      return client
    },
    async close() {
      for (const client of clients.values()) client.close()
      await open.close()
    },
  }
}

interface Open {
  connect(): Duplex
  close(): Promise<void>
}

async function server(all: (key: string) => string[]): Promise<Open> {
  if (elsewhere !== undefined) {
    const [host = 'localhost', port = '143'] = elsewhere.split(':')
    return { connect: () => connect({ host, port: Number(port) }), close: async () => undefined }
  }
  const yes = (key: string): boolean => all(key)[0] === 'yes'
  const [poll] = all('idle-poll')
  const local = await openLocalServer({
    altnamespace: yes('altnamespace'),
    unixhierarchysep: yes('unixhierarchysep'),
    settings: poll === undefined ? {} : { idlePoll: Number(poll) },
  })
  return {
    connect: () => local.connect(),
    async close() {
      await local.close()
      if (local.bugs.length > 0) throw new Error(`the server logged: ${local.bugs.join('\n')}`)
    },
  }
}

interface Preparation {
  readonly users: readonly string[]
  readonly login: (user: string) => Promise<LineClient>
  readonly mailboxes: readonly string[]
  readonly messages: readonly string[]
}

async function prepare({ users, login, mailboxes, messages }: Preparation): Promise<void> {
  if (users.length === 0) return
  const admin = await login(ADMIN)
  const separator = await delimiter(admin)
  for (const user of users) {
    const inbox = `user${separator}${user}`
    if (!isLocal) await forget(admin, inbox)
    await expectOk(admin, `CREATE ${inbox}`)
  }
  admin.close()
  for (const value of mailboxes) {
    const [user = '', name = ''] = value.split(' ')
    const client = await login(user)
    await expectOk(client, `CREATE ${name}`)
    client.close()
  }
  for (const value of messages) {
    const [user = '', mailbox = '', count = '1'] = value.split(' ')
    const client = await login(user)
    for (let number = 1; number <= Number(count); number++) {
      const bytes = message(number)
      client.send(`m${number} APPEND ${mailbox} " ${number}-Feb-2026 12:00:00 +0000" {${bytes.length}+}`)
      client.sendBytes(bytes)
      await expectOk(client, undefined, `m${number}`)
    }
    client.close()
  }
}

async function delimiter(client: LineClient): Promise<string> {
  const [line = ''] = await client.command('d', 'LIST "" ""')
  return /"(.)"/.exec(line)?.[1] ?? separatorHere
}

/** Left over from an earlier run. */
async function forget(admin: LineClient, inbox: string): Promise<void> {
  await admin.command('f1', `SETACL ${inbox} ${ADMIN} lrswipkxtecda`)
  await admin.command('f2', `DELETE ${inbox}`)
}

async function expectOk(client: LineClient, text: string | undefined, tag = 'p'): Promise<void> {
  if (text === undefined) client.send('')
  const lines = text === undefined ? await untilTagged(client, tag) : await client.command(tag, text)
  const last = lines[lines.length - 1] ?? ''
  if (!last.startsWith(`${tag} OK`)) throw new Error(`${text ?? 'APPEND'}: ${last}`)
}

async function untilTagged(client: LineClient, tag: string): Promise<string[]> {
  for (;;) {
    const line = await client.line()
    if (line === undefined) throw new Error('connection closed')
    if (line.startsWith(`${tag} `)) return [line]
  }
}
