// One message on its way: in by SMTP, through LMTP into a numbered file, out by IMAP.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImapClient } from '../../client/imap/client.js'
import { createMailbox, listMailboxes } from '../../client/imap/mailboxes.js'
import { select, uidFetch } from '../../client/imap/messages.js'
import { openImap } from '../../client/imap/open.js'
import { setQuota } from '../../client/imap/quota.js'
import { logout, signIn } from '../../client/imap/session.js'
import { accepted, LmtpClient, showReply } from '../../client/lmtp/client.js'
import { bytesOf } from '../../syntax/imap/response-data.js'
import type { Account, Layout } from './layout.js'

const timeout = 30_000

async function asUser<T>({ ports }: Layout, account: Account, work: (client: ImapClient) => Promise<T>): Promise<T> {
  const host = '127.0.0.1'
  const { client, tls } = await openImap({ address: { host, port: ports.imap }, tls: 'off', timeout })
  try {
    await signIn(client, { ...account, host, tls })
    return await work(client)
  } finally {
    await logout(client)
  }
}

/** What `cm user.NAME` and `sq user.NAME 10240` do. Answers the commands, or none where the mailbox is there already. */
export function makeMailbox(layout: Layout, { admin, user }: { admin: Account; user: string }): Promise<string[]> {
  const name = `user.${user}`
  return asUser(layout, admin, async (client) => {
    const there = await listMailboxes(client, { reference: '', pattern: name })
    if (there.length > 0) return []
    await createMailbox(client, name)
    await setQuota(client, name, [{ resource: 'STORAGE', limit: 10240 }])
    return [`createmailbox ${name}`, `setquota ${name} 10240`]
  })
}

/** Sends a message through the SMTP door. Answers the conversation, one line each. @throws Error */
export async function sendMail(
  { ports }: Layout,
  { from, to, message }: { from: string; to: string; message: Buffer },
): Promise<string[]> {
  const address = { host: '127.0.0.1', port: ports.smtp }
  const client = await LmtpClient.open({ address, name: 'localhost', timeout, protocol: 'SMTP' })
  const lines: string[] = []
  const said = (command: string, reply: Parameters<typeof showReply>[0]) => {
    lines.push(`C: ${command}`, `S: ${showReply(reply)}`)
    if (!accepted(reply)) throw new Error(`${command} was answered ${showReply(reply)}`)
  }
  said(`MAIL FROM:<${from}>`, await client.mail(from))
  said(`RCPT TO:<${to}>`, await client.rcpt(to))
  for (const reply of await client.data([message])) said(`DATA, ${message.length} octets`, reply)
  await client.quit()
  return lines
}

/**
 * The file of a user's newest message, which ends with these bytes. It comes a moment after the reply: until then the
 * message is safe in the journal. Undefined when it does not come.
 */
export async function fileOf(
  { spool }: Layout,
  { user, message }: { user: string; message: Buffer },
): Promise<{ path: string; bytes: Buffer } | undefined> {
  const directory = join(spool, 'user', user)
  for (let tries = 0; tries < 200; tries++) {
    const names = existsSync(directory) ? readdirSync(directory) : []
    const uids = names.flatMap((name) => (/^\d+\.$/.test(name) ? [Number.parseInt(name, 10)] : []))
    const path = join(directory, `${Math.max(0, ...uids)}.`)
    const bytes = uids.length > 0 ? readFileSync(path) : Buffer.alloc(0)
    if (bytes.subarray(-message.length).equals(message)) return { path, bytes }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return undefined
}

/** The newest message of INBOX as IMAP shows it. */
export function readNewest(layout: Layout, account: Account): Promise<{ uid: number; bytes: Buffer } | undefined> {
  return asUser(layout, account, async (client) => {
    const { uidNext } = await select(client, 'INBOX')
    const uid = (uidNext ?? 1) - 1
    const [fetched] = await uidFetch(client, String(uid), '(UID BODY.PEEK[])')
    const bytes = bytesOf(fetched?.items.get('BODY[]'))
    return bytes && { uid, bytes }
  })
}
