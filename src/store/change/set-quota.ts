/** SETQUOTA, and removing a quota root: limits, and whose usage counts towards them. RFC 9208 §4.1.3 */
import { StoreError } from '../errors.js'
import { type InternalName, isBelow, isDeleted } from '../mailbox-name.js'
import type { Actor, QuotaResource } from '../types.js'
import type { RemoveQuota, SetQuota } from './change.js'
import { changeQuotaRoot } from './rename-mailbox.js'
import type { Transaction } from './transaction.js'

const noUsage = { STORAGE: 0, MESSAGE: 0, MAILBOX: 0, 'X-ANNOTATION-STORAGE': 0 }
const noLimit: Record<QuotaResource, number | undefined> = {
  STORAGE: undefined,
  MESSAGE: undefined,
  MAILBOX: undefined,
  'X-ANNOTATION-STORAGE': undefined,
}

/** @throws StoreError notPermitted */
export function setQuota(tx: Transaction, change: SetQuota): Record<string, never> {
  demandAdmin(tx, change.root, change.as)
  const before = tx.quota(change.root)
  tx.flushQuotas()
  tx.tables.quotas.put(change.root, { usage: before?.usage ?? noUsage, limit: { ...noLimit, ...change.limits } })
  tx.forgetQuota(change.root)
  if (!before) reassign(tx, change.root)
  return {}
}

/** @throws StoreError notPermitted, noSuchQuotaRoot */
export function removeQuota(tx: Transaction, change: RemoveQuota): Record<string, never> {
  demandAdmin(tx, change.root, change.as)
  if (!tx.quota(change.root)) throw new StoreError('noSuchQuotaRoot', `Quota root ${change.root} does not exist`)
  tx.flushQuotas()
  tx.tables.quotas.remove(change.root)
  tx.forgetQuota(change.root)
  reassign(tx, change.root)
  return {}
}

function demandAdmin(tx: Transaction, root: InternalName, as: Actor): void {
  if (as.kind === 'system' || (as.admin && tx.rights({ name: root, acl: '' }, as).includes('a'))) return
  throw new StoreError('notPermitted', `Permission denied: only an administrator changes quota root ${root}`)
}

/** Every mailbox at or below the name is put under the quota root that governs it now. */
function reassign(tx: Transaction, root: InternalName): void {
  for (const { key, value } of [...tx.tables.names.range({ start: root })]) {
    if (key !== root && !isBelow(key, root)) break
    if (isDeleted(key)) continue
    const mailbox = tx.mailbox(value)
    const governing = tx.quotaRootOf(key)
    if (governing === mailbox.entry.quotaRoot) continue
    changeQuotaRoot(tx, mailbox, governing)
    mailbox.amend({ quotaRoot: governing })
    tx.owe({ kind: 'header', mailbox: value, version: mailbox.entry.version })
  }
}
