/** Whether the index agrees with itself: mailbox list, counts, quota roots and their usage. Reads, never writes. */
import type { Environment } from '../../db/environment.js'
import { ancestors, type InternalName, isDeleted } from '../mailbox-name.js'
import type { Tables } from '../open-tables.js'
import { type MailboxEntry, type MailboxId, type Quota, quotaResources } from '../types.js'
import { type Recount, recount } from './recount.js'

/** One disagreement: about a mailbox or a quota root, or about the whole (`name` undefined). */
export interface Finding {
  readonly about: 'mailbox' | 'quotaRoot' | 'index'
  readonly name: string
  readonly what: string
}

export type Usage = Quota['usage']

/**
 * Everything, one snapshot a mailbox, `each` called between them so that the caller may let others run. On a live store a
 * change between two snapshots can look like a disagreement: what matters is checked again inside the transaction that mends.
 */
export function checkIndex(
  { environment, tables }: { environment: Environment; tables: Tables },
  each: () => void = () => undefined,
): Finding[] {
  const findings: Finding[] = []
  const usage = new Map<InternalName, Usage>()
  const ids = environment.read(() => [...tables.mailboxes.keys()])
  for (const id of ids) {
    each()
    environment.read(() => {
      const entry = tables.mailboxes.get(id)
      if (!entry) return
      const counted = recount(tables, id)
      findings.push(...checkEntry(tables, entry), ...counted.findings.map((what) => about(entry, what)))
      addUsage(usage, entry, counted)
    })
  }
  findings.push(...environment.read(() => [...checkNames(tables), ...checkUsage(tables, usage)]))
  return findings
}

const about = (entry: MailboxEntry, what: string): Finding => ({ about: 'mailbox', name: entry.name, what })

function checkEntry(tables: Tables, entry: MailboxEntry): Finding[] {
  const findings: Finding[] = []
  const id = tables.names.get(entry.name)
  if (id !== entry.id) findings.push(about(entry, `the list gives that name to mailbox ${id}, not to ${entry.id}`))
  const root = governingRoot(tables, entry.name)
  if (root !== entry.quotaRoot)
    findings.push(about(entry, `its quota root is ${entry.quotaRoot ?? 'none'}, should be ${root ?? 'none'}`))
  return findings
}

function checkNames(tables: Tables): Finding[] {
  const findings: Finding[] = []
  for (const { key, value } of tables.names.range())
    if (tables.mailboxes.get(value)?.name !== key)
      findings.push({ about: 'mailbox', name: key, what: `the list names mailbox ${value}, which is another or none` })
  return findings
}

/** The quota root that governs a name: itself or the nearest above; deleted mailboxes have none. */
export function governingRoot(tables: Tables, name: InternalName): InternalName | undefined {
  if (isDeleted(name)) return undefined
  return [name, ...ancestors(name)].find((candidate) => tables.quotas.has(candidate))
}

export const noUsage: Usage = { STORAGE: 0, MESSAGE: 0, MAILBOX: 0, 'X-ANNOTATION-STORAGE': 0 }

export function usageOf({ counts, annotationOctets }: Recount): Usage {
  return { STORAGE: counts.octets, MESSAGE: counts.exists, MAILBOX: 1, 'X-ANNOTATION-STORAGE': annotationOctets }
}

function addUsage(usage: Map<InternalName, Usage>, entry: MailboxEntry, counted: Recount): void {
  if (entry.quotaRoot === undefined) return
  usage.set(entry.quotaRoot, sumUsage(usage.get(entry.quotaRoot) ?? noUsage, usageOf(counted)))
}

export function sumUsage(a: Usage, b: Usage): Usage {
  return {
    STORAGE: a.STORAGE + b.STORAGE,
    MESSAGE: a.MESSAGE + b.MESSAGE,
    MAILBOX: a.MAILBOX + b.MAILBOX,
    'X-ANNOTATION-STORAGE': a['X-ANNOTATION-STORAGE'] + b['X-ANNOTATION-STORAGE'],
  }
}

function checkUsage(tables: Tables, usage: ReadonlyMap<InternalName, Usage>): Finding[] {
  const findings: Finding[] = []
  for (const { key, value } of tables.quotas.range()) {
    const should = usage.get(key) ?? noUsage
    for (const resource of quotaResources)
      if (value.usage[resource] !== should[resource])
        findings.push({
          about: 'quotaRoot',
          name: key,
          what: `${resource} usage is ${value.usage[resource]}, should be ${should[resource]}`,
        })
  }
  return findings
}

/** All mailboxes whose usage counts towards the root, in order. */
export function* mailboxesUnder(tables: Tables, root: InternalName): Generator<MailboxId> {
  for (const { value } of tables.mailboxes.range()) if (value.quotaRoot === root) yield value.id
}
