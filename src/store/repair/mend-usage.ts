/** Puts right what `checkIndex` finds about counts and quota: counts from the records, quota roots from names, usage from counts. */
import type { Environment } from '../../db/environment.js'
import type { InternalName } from '../mailbox-name.js'
import type { Tables } from '../open-tables.js'
import { clusterPrefix } from '../tables.js'
import { type MailboxId, type ModSeq, type QuotaResource, quotaResources, type Uid } from '../types.js'
import { governingRoot, mailboxesUnder, noUsage, sumUsage, type Usage } from './check-index.js'
import { recount } from './recount.js'

export interface Shop {
  readonly environment: Environment
  readonly tables: Tables
}

export interface UsageChange {
  readonly root: InternalName
  readonly resource: QuotaResource
  readonly was: number
  readonly is: number
}

/**
 * Recounts one mailbox and corrects its counts row, unless `dry`. Returns what was wrong, one line each. The first look is
 * outside any transaction, so that a healthy mailbox delays no writer.
 */
export function mendCounts({ environment, tables }: Shop, mailbox: MailboxId, { dry }: { dry: boolean }): string[] {
  const look = (): { findings: readonly string[]; mend: () => void } => {
    const counted = recount(tables, mailbox)
    const counts = tables.counts.get({ mailbox, sub: undefined })
    const mend = (): void => {
      if (!counts) return
      tables.counts.put(
        { mailbox, sub: undefined },
        {
          ...counts,
          ...counted.counts,
          uidNext: Math.max(counts.uidNext, counted.lastUid + 1) as Uid,
          highestModSeq: Math.max(counts.highestModSeq, counted.lastModSeq) as ModSeq,
        },
      )
    }
    return { findings: counted.countFindings, mend }
  }
  const seen = environment.read(() => look().findings)
  if (seen.length === 0 || dry) return [...seen]
  return environment.write(() => {
    const { findings, mend } = look()
    if (findings.length > 0) mend()
    return [...findings]
  })
}

/** Gives a mailbox the quota root that governs its name. Returns the change, undefined if there was none to make. */
export function mendRoot(
  { environment, tables }: Shop,
  mailbox: MailboxId,
  { dry }: { dry: boolean },
): { name: InternalName; was: InternalName | undefined; is: InternalName | undefined } | undefined {
  const look = () => {
    const entry = tables.mailboxes.get(mailbox)
    const root = entry && governingRoot(tables, entry.name)
    return entry && entry.quotaRoot !== root ? { entry, root } : undefined
  }
  if (!environment.read(look)) return undefined
  const found = dry
    ? environment.read(look)
    : environment.write(() => {
        const wrong = look()
        if (wrong)
          tables.mailboxes.put(mailbox, { ...wrong.entry, quotaRoot: wrong.root, version: wrong.entry.version + 1 })
        return wrong
      })
  return found && { name: found.entry.name, was: found.entry.quotaRoot, is: found.root }
}

/** Sums up a quota root's mailboxes and corrects its usage, unless `dry`. Counts must have been mended before. */
export function mendUsage({ environment, tables }: Shop, root: InternalName, { dry }: { dry: boolean }): UsageChange[] {
  const look = (): { changes: UsageChange[]; should: Usage } => {
    let should = noUsage
    for (const mailbox of mailboxesUnder(tables, root)) should = sumUsage(should, usageOfMailbox(tables, mailbox))
    const is = tables.quotas.get(root)?.usage ?? noUsage
    const wrong = quotaResources.filter((resource) => is[resource] !== should[resource])
    return { changes: wrong.map((resource) => ({ root, resource, was: is[resource], is: should[resource] })), should }
  }
  const seen = environment.read(() => look().changes)
  if (seen.length === 0 || dry) return seen
  return environment.write(() => {
    const { changes, should } = look()
    const row = tables.quotas.get(root)
    if (row && changes.length > 0) tables.quotas.put(root, { ...row, usage: should })
    return changes
  })
}

function usageOfMailbox(tables: Tables, mailbox: MailboxId): Usage {
  const counts = tables.counts.get({ mailbox, sub: undefined })
  let octets = 0
  for (const { value } of tables.annotations.range({ start: { mailbox, sub: ['', ''] }, sharing: clusterPrefix }))
    octets += value.length
  return {
    STORAGE: counts?.octets ?? 0,
    MESSAGE: counts?.exists ?? 0,
    MAILBOX: 1,
    'X-ANNOTATION-STORAGE': octets,
  }
}
