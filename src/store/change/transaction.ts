/**
 * What a change sees and touches while it is applied: the tables, and the hot rows of mailboxes and quota roots, read once
 * and written once however many changes share the commit.
 *
 * Every change asks all its questions before its first `put`: a StoreError leaves the transaction untouched, and the other
 * changes of the commit are not affected by it.
 */
import { rightsOf } from '../acl.js'
import type { StoreConfig } from '../config.js'
import { StoreError } from '../errors.js'
import { ancestors, type InternalName } from '../mailbox-name.js'
import type { Tables } from '../open-tables.js'
import type { Debt, Task } from '../tables.js'
import type { Actor, MailboxEntry, MailboxId, Quota, QuotaResource, Uid } from '../types.js'
import { OpenMailbox } from './open-mailbox.js'

/** What is to be told or done after the commit. */
export type Effect =
  | { readonly kind: 'task'; readonly debt: number; readonly task: Task }
  /** Numbered files to be written from a journal frame: one for each mailbox it went to. */
  | {
      readonly kind: 'unpack'
      readonly change: number
      readonly copies: readonly { readonly mailbox: MailboxId; readonly uid: Uid }[]
    }
  | { readonly kind: 'changed'; readonly mailbox: MailboxId; readonly modSeq: number }
  | { readonly kind: 'listChanged' }

type MutableQuota = { usage: Record<QuotaResource, number>; readonly limit: Quota['limit'] }

export class Transaction {
  readonly tables: Tables
  readonly config: StoreConfig
  /** UTC seconds. */
  readonly now: number
  readonly effects: Effect[] = []
  readonly #open = new Map<MailboxId, OpenMailbox>()
  readonly #quotas = new Map<InternalName, MutableQuota>()

  constructor(options: { tables: Tables; config: StoreConfig; now: number }) {
    this.tables = options.tables
    this.config = options.config
    this.now = options.now
  }

  /** @throws StoreError noSuchMailbox */
  mailbox(id: MailboxId): OpenMailbox {
    let mailbox = this.#open.get(id)
    if (!mailbox) {
      const entry = this.tables.mailboxes.get(id)
      const counts = entry && this.tables.counts.get({ mailbox: id, sub: undefined })
      if (!entry || !counts) throw new StoreError('noSuchMailbox', 'Mailbox does not exist')
      mailbox = new OpenMailbox(this.tables, entry, counts)
      this.#open.set(id, mailbox)
    }
    return mailbox
  }

  /** @throws StoreError noSuchMailbox */
  named(name: InternalName): OpenMailbox {
    const id = this.tables.names.get(name)
    if (id === undefined) throw new StoreError('noSuchMailbox', `Mailbox ${name} does not exist`)
    return this.mailbox(id)
  }

  rights(entry: Pick<MailboxEntry, 'name' | 'acl'>, actor: Actor): string {
    return rightsOf(entry, actor, this.config.rights)
  }

  /** @throws StoreError notPermitted; noSuchMailbox where the actor may not even know that it is there. */
  demand(mailbox: { readonly entry: MailboxEntry }, actor: Actor, right: string): void {
    const { entry } = mailbox
    const held = this.rights(entry, actor)
    if ([...right].every((letter) => held.includes(letter))) return
    if (!held.includes('l') && !held.includes('r') && !held.includes('p') && !held.includes('a'))
      throw new StoreError('noSuchMailbox', `Mailbox ${entry.name} does not exist`)
    throw new StoreError('notPermitted', `Permission denied: ${entry.name} needs right ${right}, you hold "${held}"`)
  }

  /** The quota root that governs a name, itself or the nearest above it. */
  quotaRootOf(name: InternalName): InternalName | undefined {
    return [name, ...ancestors(name)].find((candidate) => this.quota(candidate) !== undefined)
  }

  quota(root: InternalName): MutableQuota | undefined {
    let quota = this.#quotas.get(root)
    if (!quota) {
      const row = this.tables.quotas.get(root)
      if (!row) return undefined
      quota = { usage: { ...row.usage }, limit: row.limit }
      this.#quotas.set(root, quota)
    }
    return quota
  }

  /** @throws StoreError overQuota */
  demandQuota(root: InternalName | undefined, more: Partial<Record<QuotaResource, number>>): void {
    const quota = root === undefined ? undefined : this.quota(root)
    if (!quota) return
    for (const [name, amount] of Object.entries(more)) {
      const resource = name as QuotaResource
      const limit = quota.limit[resource]
      if (limit === undefined) continue
      const ceiling = unitOf(resource) * limit
      if (quota.usage[resource] + amount > ceiling)
        throw new StoreError('overQuota', `Over quota: ${resource} of quota root ${root} is limited to ${limit}`)
    }
  }

  addUsage(root: InternalName | undefined, more: Partial<Record<QuotaResource, number>>): void {
    const quota = root === undefined ? undefined : this.quota(root)
    if (!quota) return
    for (const [name, amount] of Object.entries(more)) quota.usage[name as QuotaResource] += amount
  }

  /** Forgets what was read of a quota root whose row a change has just written. */
  forgetQuota(root: InternalName): void {
    this.#quotas.delete(root)
  }

  /** Writes the quota rows that changed, so that a scan of the table sees them. */
  flushQuotas(): void {
    for (const [root, quota] of this.#quotas) this.tables.quotas.put(root, quota)
    this.#quotas.clear()
  }

  forgetMailbox(id: MailboxId): void {
    this.#open.delete(id)
  }

  /** Records what this process owes the disk after the commit. Paid by the settler, or by start-up after a crash. */
  owe(task: Task): void {
    const last = this.tables.debts.first({ start: Number.MAX_SAFE_INTEGER, reverse: true })
    const debt = (last?.key ?? 0) + 1
    const row: Debt = { owner: this.config.owner, task }
    this.tables.debts.put(debt, row)
    this.effects.push({ kind: 'task', debt, task })
  }

  counter(name: string): number {
    const value = this.tables.meta.get(name)
    return typeof value === 'number' ? value : 0
  }

  /** The next of a rising series that never repeats. */
  next(name: string, atLeast = 1): number {
    const value = Math.max(this.counter(name) + 1, atLeast)
    this.tables.meta.put(name, value)
    return value
  }

  /** Writes what is still held back. The last act of the commit. */
  flush(): void {
    for (const mailbox of this.#open.values()) {
      const modSeq = mailbox.flush()
      if (modSeq !== undefined) this.effects.push({ kind: 'changed', mailbox: mailbox.entry.id, modSeq })
    }
    this.flushQuotas()
  }
}

/** Octets in one unit of a limit. RFC 9208 §5.1 */
export function unitOf(resource: QuotaResource): number {
  return resource === 'STORAGE' || resource === 'X-ANNOTATION-STORAGE' ? 1024 : 1
}
