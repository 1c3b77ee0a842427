/** Message files that the index does not know become messages again; records whose files are gone leave. */
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { newRecord } from '../change/append.js'
import { takeOut } from '../change/expunge.js'
import type { OpenMailbox } from '../change/open-mailbox.js'
import { Transaction } from '../change/transaction.js'
import { field, writeModSeq } from '../message-record.js'
import type { Settlement } from '../settle/settlement.js'
import { settleTask } from '../settle/settler.js'
import { fileName, quarantine } from '../spool/message-file.js'
import { digest } from '../spool/staging.js'
import { clusterPrefix } from '../tables.js'
import type { MailboxId, ModSeq, Uid, UidRange } from '../types.js'
import { hasUid } from '../uid-ranges.js'

export interface StrayFile {
  readonly uid: Uid
  readonly path: string
  readonly form: 'live' | 'expunged'
}

export type Adopted =
  | { readonly kind: 'adopted'; readonly uid: Uid; readonly path: string; readonly was: Uid }
  | { readonly kind: 'expunged'; readonly uid: Uid; readonly path: string }
  /** The index knows that this message was expunged: it does not come back. */
  | { readonly kind: 'quarantined'; readonly path: string; readonly to: string }

/** Applies repairs as one transaction, and pays at once what it owes the disk. */
export function repair<T>(shop: Settlement, change: (tx: Transaction) => T): T {
  const { environment, tables, config } = shop
  const { result, effects } = environment.write(() => {
    const tx = new Transaction({ tables, config, now: Math.floor(Date.now() / 1000) })
    const result = change(tx)
    tx.flush()
    return { result, effects: tx.effects }
  })
  for (const effect of effects) if (effect.kind === 'task') settleTask(shop, effect)
  return result
}

/**
 * Makes messages of files: with the UID of the file's name where that is still to come, else with the next one. Dates are
 * the files' times. Rising UIDs.
 */
export function adoptFiles(shop: Settlement, mailbox: MailboxId, files: readonly StrayFile[]): Adopted[] {
  const adopted: Adopted[] = []
  for (const file of [...files].sort((a, b) => a.uid - b.uid)) adopted.push(adoptFile(shop, mailbox, file))
  return adopted
}

function adoptFile(shop: Settlement, mailbox: MailboxId, { uid, path, form }: StrayFile): Adopted {
  const bytes = readFileSync(path)
  const internalDate = Math.floor(statSync(path).mtimeMs / 1000)
  const done = repair(shop, (tx): { uid: Uid; form: 'live' | 'expunged' } | undefined => {
    const open = tx.mailbox(mailbox)
    if (form === 'live' && wasExpunged(tx, mailbox, uid)) return undefined
    const record = newRecord(
      { kind: 'memory', bytes, digests: digest(bytes) },
      { flags: 0, keywords: [], internalDate, now: tx.now, place: { segment: 0, frame: 0 } },
    )
    if (form === 'expunged') return { uid: keepExpunged(tx, open, { uid, record }), form }
    if (uid >= open.counts.uidNext) open.counts.uidNext = uid
    const given = open.append(record, open.nextModSeq())
    tx.addUsage(open.entry.quotaRoot, { STORAGE: record.readUInt32LE(field.size), MESSAGE: 1 })
    return { uid: given, form }
  })
  if (!done) return { kind: 'quarantined', path, to: quarantineFrom(shop, mailbox, path) }
  if (done.form === 'expunged') return { kind: 'expunged', uid: done.uid, path }
  const to = join(dirname(path), fileName(done.uid, 'live'))
  if (to !== path) renameSync(path, to)
  return { kind: 'adopted', uid: done.uid, path: to, was: uid }
}

function wasExpunged(tx: Transaction, mailbox: MailboxId, uid: Uid): boolean {
  if (tx.tables.expunged.has({ mailbox, sub: uid })) return true
  const start = { mailbox, sub: 0 as ModSeq }
  for (const { value } of tx.tables.vanished.range({ start, sharing: clusterPrefix }))
    if (hasUid(value, uid)) return true
  return false
}

/** The record of an expunged message, for unexpunge; its UID is never given out again. */
function keepExpunged(tx: Transaction, mailbox: OpenMailbox, { uid, record }: { uid: Uid; record: Buffer }): Uid {
  const modSeq = mailbox.nextModSeq()
  record.writeUInt32LE(uid, field.uid)
  writeModSeq(record, field.modSeq, modSeq)
  tx.tables.expunged.put({ mailbox: mailbox.entry.id, sub: uid }, { at: tx.now, modSeq, record })
  tx.tables.vanished.put({ mailbox: mailbox.entry.id, sub: modSeq }, [{ first: uid, last: uid }])
  if (uid >= mailbox.counts.uidNext) mailbox.counts.uidNext = (uid + 1) as Uid
  mailbox.countsChanged()
  return uid
}

/** Records leave the mailbox as if expunged: their state is kept, their files, if any, get the expunged form. */
export function expungeRecords(shop: Settlement, mailbox: MailboxId, uids: readonly UidRange[]): void {
  repair(shop, (tx) => {
    const open = tx.mailbox(mailbox)
    takeOut(tx, open, { uids, modSeq: open.nextModSeq() })
  })
}

export function quarantineFrom({ config, environment, tables }: Settlement, mailbox: MailboxId, path: string): string {
  const entry = environment.read(() => tables.mailboxes.get(mailbox))
  const partition = entry?.partition ?? config.defaultPartition
  return existsSync(path) ? quarantine(config, partition, path) : path
}
