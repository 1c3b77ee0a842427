/** A load of deliveries, appends and flag changes that writes down whatever the server acknowledged, to ask for it later. */
import { expect } from 'chai'
import type { ImapClient } from '../support/imap-client.js'
import type { LmtpClient } from '../support/lmtp-client.js'
import { message } from '../support/messages.js'
import type { ServerUnderTest } from '../support/server-under-test.js'
import { sleep, until } from '../support/wait.js'

interface Entry {
  user: string
  /** Acknowledged: 250 from LMTP or a tagged OK. */
  acknowledged: boolean
  /** Sent more than once, the same bytes, since a reply was lost. */
  retried: boolean
  /** STORE +FLAGS (\Flagged) was answered OK. */
  flagged: boolean
  by: 'lmtp' | 'append'
}

export class Ledger {
  readonly entries = new Map<string, Entry>()
  private readonly server: ServerUnderTest
  private readonly users: readonly string[]
  private readonly prefix: string
  private sessions: Promise<void>[] = []
  private stopping = false
  private number = 0

  constructor(server: ServerUnderTest, users: readonly string[], prefix: string) {
    this.server = server
    this.users = users
    this.prefix = prefix
  }

  /** How many changes were acknowledged so far. */
  get acknowledged(): number {
    return [...this.entries.values()].filter((entry) => entry.acknowledged).length
  }

  start(): void {
    this.stopping = false
    this.sessions = [...Array(4).keys()].map(() => this.deliverForEver())
    this.sessions.push(...this.users.map((user) => this.appendForEver(user)))
  }

  /** Ends the load; whoever is without an answer gives up. */
  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(this.sessions)
  }

  /** Everything acknowledged is there, with its flag; what LMTP sent twice is there once. */
  async verify(): Promise<void> {
    const missing: string[] = []
    const unflagged: string[] = []
    const doubled: string[] = []
    for (const user of this.users) {
      const found = await this.contentOf(user)
      for (const [id, entry] of this.entries) {
        if (entry.user !== user) continue
        const flags = found.get(id) ?? []
        if (entry.acknowledged && flags.length === 0) missing.push(id)
        if (entry.flagged && !flags.some((text) => text.includes('\\Flagged'))) unflagged.push(id)
        if (entry.by === 'lmtp' && flags.length > 1) doubled.push(id)
      }
    }
    expect({ missing, unflagged }).to.deep.equal({ missing: [], unflagged: [] })
    // Cyrus notes a delivery after it has stored the message: a kill between the two stores a retry twice.
    if (this.server.make !== 'cyrus') expect({ doubled }).to.deep.equal({ doubled: [] })
  }

  /** Per Message-ID the FLAGS of each copy in the user's INBOX; every message must have its file, whole. */
  private async contentOf(user: string): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>()
    const client = await until('a log-in', () => this.server.imap(user))
    const { untagged: selected } = await client.ok('SELECT INBOX')
    const exists = selected.map((text) => /^\* (\d+) EXISTS$/.exec(text)?.[1]).find(Boolean)
    if (Number(exists) > 0) {
      const { untagged } = await client.ok('FETCH 1:* (UID FLAGS BODY.PEEK[])')
      for (const text of untagged) {
        const [, uid = ''] = /UID (\d+)/.exec(text) ?? []
        const [, id] = /^Message-ID: <(.*)@example\.test>/im.exec(text) ?? []
        const [, flags = ''] = /FLAGS \(([^)]*)\)/.exec(text) ?? []
        if (id === undefined) continue
        expect(text, id).to.match(/the end\r\n/)
        const file = await this.server.spoolFile(`user/${user}/${uid}.`)
        expect(file.includes(`<${id}@`), `file of ${id}`).to.equal(true)
        found.set(id, [...(found.get(id) ?? []), `flags ${flags}`])
      }
    }
    await client.logout()
    return found
  }

  private next(by: Entry['by'], user: string): { id: string; entry: Entry } {
    const id = `${this.prefix}-${by}-${++this.number}`
    const entry: Entry = { user, acknowledged: false, retried: false, flagged: false, by }
    this.entries.set(id, entry)
    return { id, entry }
  }

  private async deliverForEver(): Promise<void> {
    let session: LmtpClient | undefined
    while (!this.stopping) {
      const user = this.users[this.number % this.users.length] ?? ''
      const { id, entry } = this.next('lmtp', user)
      const text = message({ id })
      // As an MTA does: the same bytes again until they are acknowledged.
      while (!entry.acknowledged && !this.stopping) {
        try {
          session ??= await this.server.lmtp()
          const [answer = ''] = await session.deliver('mary@example.test', [user], text)
          entry.acknowledged = answer.startsWith('250')
        } catch {
          session?.close()
          session = undefined
          entry.retried = true
          await sleep(20)
        }
      }
    }
    session?.close()
  }

  private async appendForEver(user: string): Promise<void> {
    let client: ImapClient | undefined
    while (!this.stopping) {
      try {
        client ??= await this.selected(user)
        const { id, entry } = this.next('append', user)
        const { text } = await client.append('INBOX', Buffer.from(message({ id }), 'latin1'))
        entry.acknowledged = true
        const [, uid] = /APPENDUID \d+ (\d+)/.exec(text) ?? []
        await client.ok(`UID STORE ${uid} +FLAGS.SILENT (\\Flagged)`)
        entry.flagged = true
      } catch {
        client?.socket.destroy()
        client = undefined
        await sleep(20)
      }
    }
    await client?.logout()
  }

  private async selected(user: string): Promise<ImapClient> {
    const client = await this.server.imap(user)
    await client.ok('SELECT INBOX')
    return client
  }
}
