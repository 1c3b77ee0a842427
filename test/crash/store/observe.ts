/** Everything that a reader of the real store sees, in the model's form, each message's bytes read and digested. */
import { createHash } from 'node:crypto'
import { isDeleted, readDeletedName } from '../../../src/store/mailbox-name.js'
import type { MessageRecord } from '../../../src/store/message-record.js'
import { recordsWithin } from '../../../src/store/read/chunks.js'
import { readMessageBytes } from '../../../src/store/spool/message-file.js'
import { type MailboxEntry, type MailboxId, systemFlags } from '../../../src/store/types.js'
import { allUids } from '../../../src/store/uid-ranges.js'
import type { DirectStore } from './direct.js'
import { dumpMessage } from './model.js'

export function observe({ config, environment, tables }: DirectStore): string[] {
  return environment.read(() => {
    const lines: string[] = []
    for (const { value: entry } of tables.mailboxes.range()) {
      const shown = isDeleted(entry.name) ? `DELETED.${readDeletedName(entry.name)?.name}` : entry.name
      const next = tables.counts.get({ mailbox: entry.id, sub: undefined })?.uidNext
      const note = tables.annotations.get({ mailbox: entry.id, sub: ['/comment', ''] })?.toString()
      const partition = entry.moving?.partition ?? entry.partition
      const root = isDeleted(entry.name) ? undefined : entry.quotaRoot
      lines.push(
        `mailbox ${shown} next ${next} on ${partition} root ${root ?? 'none'} acl ${entry.acl} note ${note ?? 'none'}`,
      )
      for (const record of recordsWithin(tables.chunks, entry.id, allUids)) {
        const sha256 = digestOf(() => readMessageBytes(config, entry, record))
        const flags = flagsOf(entry, record)
        lines.push(dumpMessage(shown, record.uid, { flags, date: record.internalDate, size: record.size, sha256 }))
      }
    }
    for (const { key, value } of tables.quotas.range()) {
      const { STORAGE, MESSAGE, MAILBOX } = value.usage
      lines.push(`quota ${key} ${value.limit.STORAGE ?? 'unlimited'} ${STORAGE} ${MESSAGE} ${MAILBOX}`)
    }
    for (const { key } of tables.subscriptions.range()) lines.push(`subscribed ${key[1]}`)
    return lines.sort()
  })
}

function digestOf(read: () => Buffer): string {
  try {
    return createHash('sha256').update(read()).digest('hex')
  } catch (error) {
    return `unreadable: ${(error as Error).message}`
  }
}

function flagsOf(entry: MailboxEntry, record: MessageRecord): string[] {
  const system = [...systemFlags].filter(([, bit]) => (record.flags & bit) !== 0).map(([name]) => name)
  return [...system, ...record.keywords.map((number) => entry.keywords[number] ?? `keyword ${number}`)].sort()
}

/** UIDVALIDITY and unique id of each mailbox: what must never change. */
export function identities({ environment, tables }: DirectStore): Map<MailboxId, string> {
  return environment.read(
    () =>
      new Map([...tables.mailboxes.range()].map(({ key, value }) => [key, `${value.uniqueId} ${value.uidValidity}`])),
  )
}
