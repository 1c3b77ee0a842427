/** The view of one snapshot, over the tables. */
import { rightsOf } from '../acl.js'
import type { StoreConfig } from '../config.js'
import { ancestors, type InternalName } from '../mailbox-name.js'
import type { MessageRecord } from '../message-record.js'
import type { Tables } from '../open-tables.js'
import { clusterPrefix } from '../tables.js'
import type { Actor, Mailbox, MailboxEntry, MailboxId, ModSeq, Quota, SeenState, Uid, UidRange } from '../types.js'
import { allUids, countUids, unionOf } from '../uid-ranges.js'
import type { View } from '../view.js'
import { findRecord, recordsWithin } from './chunks.js'

export class StoreView implements View {
  readonly #tables: Tables
  readonly #config: StoreConfig

  constructor(tables: Tables, config: StoreConfig) {
    this.#tables = tables
    this.#config = config
  }

  lookup(name: InternalName): Mailbox | undefined {
    const id = this.#tables.names.get(name)
    return id === undefined ? undefined : this.mailbox(id)
  }

  mailbox(id: MailboxId): Mailbox | undefined {
    const entry = this.#tables.mailboxes.get(id)
    const counts = entry && this.#tables.counts.get({ mailbox: id, sub: undefined })
    return entry && counts && { ...entry, ...counts }
  }

  *list(prefix: string): Iterable<MailboxEntry> {
    for (const { key, value } of this.#tables.names.range({ start: prefix as InternalName })) {
      if (!key.startsWith(prefix)) return
      const entry = this.#tables.mailboxes.get(value)
      if (entry) yield entry
    }
  }

  rights(mailbox: MailboxEntry, actor: Actor): string {
    return rightsOf(mailbox, actor, this.#config.rights)
  }

  uids(mailbox: MailboxId): readonly UidRange[] {
    const rows = [...this.#tables.uids.range({ start: { mailbox, sub: 0 }, sharing: clusterPrefix })]
    if (rows.length === 1) return rows[0]?.value ?? []
    return unionOf(rows.flatMap(({ value }) => value))
  }

  message(mailbox: MailboxId, uid: Uid): MessageRecord | undefined {
    return findRecord(this.#tables.chunks, mailbox, uid)
  }

  messages(mailbox: MailboxId, uids: readonly UidRange[]): Iterable<MessageRecord> {
    return recordsWithin(this.#tables.chunks, mailbox, uids)
  }

  seen(mailbox: MailboxId, user: string): SeenState {
    const seen = this.#tables.seen.get({ mailbox, sub: user })?.seen ?? []
    const exists = this.#tables.counts.get({ mailbox, sub: undefined })?.exists ?? 0
    return { seen, unseen: exists - countUids(seen) }
  }

  *changedSince(mailbox: MailboxId, modSeq: ModSeq, user: string): Iterable<MessageRecord> {
    const own = this.#ownSeenChanges(mailbox, modSeq, user)
    for (const message of this.messages(mailbox, allUids))
      if (message.modSeq > modSeq || own.has(message.uid)) yield message
  }

  #ownSeenChanges(mailbox: MailboxId, modSeq: ModSeq, user: string): ReadonlySet<Uid> {
    const changed = new Set<Uid>()
    const row = this.#tables.seen.get({ mailbox, sub: user })
    if (!row || row.modSeq <= modSeq) return changed
    const start = { mailbox, sub: { user, uid: 0 as Uid } }
    for (const { key, value } of this.#tables.seenModSeqs.range({ start, sharing: clusterPrefix })) {
      if (key.sub.user !== user) break
      if (value > modSeq) changed.add(key.sub.uid)
    }
    return changed
  }

  modSeqFor(mailbox: MailboxId, message: MessageRecord, user: string): ModSeq {
    const own = this.#tables.seenModSeqs.get({ mailbox, sub: { user, uid: message.uid } })
    return own !== undefined && own > message.modSeq ? own : message.modSeq
  }

  vanishedSince(mailbox: MailboxId, modSeq: ModSeq): readonly UidRange[] | undefined {
    const counts = this.#tables.counts.get({ mailbox, sub: undefined })
    if (!counts || modSeq < counts.vanishedFloor) return undefined
    const start = { mailbox, sub: (modSeq + 1) as ModSeq }
    return unionOf([...this.#tables.vanished.range({ start, sharing: clusterPrefix })].flatMap(({ value }) => value))
  }

  quota(root: InternalName): Quota | undefined {
    const row = this.#tables.quotas.get(root)
    return row && { root, ...row }
  }

  *quotas(prefix: string): Iterable<Quota> {
    for (const { key, value } of this.#tables.quotas.range({ start: prefix as InternalName })) {
      if (!key.startsWith(prefix)) return
      yield { root: key, ...value }
    }
  }

  quotaRootOf(name: InternalName): Quota | undefined {
    for (const candidate of [name, ...ancestors(name)]) {
      const quota = this.quota(candidate)
      if (quota) return quota
    }
    return undefined
  }

  subscribed(user: string, name: InternalName): boolean {
    return this.#tables.subscriptions.has([user, name])
  }

  *subscriptions(user: string): Iterable<InternalName> {
    for (const { key } of this.#tables.subscriptions.range({ start: [user, '' as InternalName] })) {
      if (key[0] !== user) return
      yield key[1]
    }
  }

  annotation(mailbox: MailboxId | undefined, entry: string, user: string | undefined): Buffer | undefined {
    return this.#tables.annotations.get({ mailbox: mailbox ?? (0 as MailboxId), sub: [entry, user ?? ''] })
  }

  *annotations(mailbox: MailboxId | undefined, entryPrefix: string) {
    const start = { mailbox: mailbox ?? (0 as MailboxId), sub: [entryPrefix, ''] as const }
    for (const { key, value } of this.#tables.annotations.range({ start, sharing: clusterPrefix })) {
      const [entry, user] = key.sub
      if (!entry.startsWith(entryPrefix)) return
      yield { entry, user: user === '' ? undefined : user, value }
    }
  }
}
