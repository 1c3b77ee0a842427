/** quota: quota roots with limits and usage; with -f what is inconsistent is put right first. quota(8) */
import { lastOf } from '../config/getopt.js'
import { domainOf, type InternalName, inboxOfUser, isBelow } from '../store/mailbox-name.js'
import { adminForm, readAdminName } from '../store/namespace.js'
import { mendCounts, mendRoot, mendUsage } from '../store/repair/mend-usage.js'
import type { Quota, QuotaResource } from '../store/types.js'
import { EX_DATAERR, EX_USAGE, type StoreTool, type ToolRun } from './store-tool.js'

/** In the order of the report, as Cyrus calls them. */
const resources: readonly (readonly [QuotaResource, string])[] = [
  ['STORAGE', 'STORAGE'],
  ['MESSAGE', 'MESSAGE'],
  ['X-ANNOTATION-STORAGE', 'X-ANNOTATION-STORAGE'],
  ['MAILBOX', 'X-NUM-FOLDERS'],
]

export const quotaTool: StoreTool = {
  name: 'quota',
  letters: 'd:fnquJ',
  usage: 'quota [-C <altconfig>] [-d <domain>] [-f] [-n] [-q] [-J] [-u] [mailbox-spec...]',
  long: { '--dry-run': '-n', '--json': '-J' },
  run(run) {
    if (run.has('d') && run.flags.rest.length > 0) {
      run.error(this.usage)
      return EX_USAGE
    }
    const chosen = chooser(run)
    if (!chosen) return EX_DATAERR
    if (run.has('f')) fix(run, chosen)
    if (run.has('f') && run.has('q')) return 0
    const quotas = run.store.read((view) => [...view.quotas('')].filter(({ root }) => chosen(root)))
    if (run.has('J')) run.out(JSON.stringify(asJson(run, quotas), undefined, 2))
    else for (const line of report(run, quotas)) run.out(line)
    return 0
  },
}

/** Which roots and mailboxes are meant; undefined when a name is no name, which has been said. */
function chooser(run: ToolRun): ((name: InternalName) => boolean) | undefined {
  const { flags, options } = run
  const domain = lastOf(flags, 'd')
  if (domain !== undefined) return (name) => domainOf(name) === domain.toLowerCase()
  if (flags.rest.length === 0) return () => true
  const prefixes: InternalName[] = []
  for (const word of flags.rest) {
    const name = run.has('u') ? inboxOfUser(word, options) : readAdminName(word, options)
    if (!name) {
      run.error(`quota: "${word}" is no name of a ${run.has('u') ? 'user' : 'mailbox'}`)
      return undefined
    }
    prefixes.push(name)
  }
  if (run.has('u')) return (name) => prefixes.some((inbox) => name === inbox || isBelow(name, inbox))
  return (name) => prefixes.some((prefix) => name.startsWith(prefix))
}

/** A quota root that governs no mailbox stays: here roots need not be mailboxes. */
function fix(run: ToolRun, chosen: (name: InternalName) => boolean): void {
  const { workshop, options } = run
  const dry = run.has('n')
  const { environment, tables } = workshop
  const ids = environment.read(() => [...tables.mailboxes.range()].filter(({ value }) => chosen(value.name)))
  for (const { key, value } of ids) {
    const shown = adminForm(value.name, options)
    for (const what of mendCounts(workshop, key, { dry })) run.out(`${shown}: ${what}`)
    const moved = mendRoot(workshop, key, { dry })
    if (moved) run.out(`${shown}: quota root ${shownRoot(run, moved.was)} --> ${shownRoot(run, moved.is)}`)
  }
  for (const root of environment.read(() => [...tables.quotas.keys()]).filter(chosen))
    for (const { resource, was, is } of mendUsage(workshop, root, { dry }))
      run.out(`${adminForm(root, options)}: ${nameOf(resource)} usage was ${was}, now ${is}`)
}

const shownRoot = ({ options }: ToolRun, root: InternalName | undefined): string =>
  root === undefined ? '(none)' : adminForm(root, options)
const nameOf = (resource: QuotaResource): string => resources.find(([one]) => one === resource)?.[1] ?? resource
const unit = (resource: QuotaResource): number =>
  resource === 'STORAGE' || resource === 'X-ANNOTATION-STORAGE' ? 1024 : 1

function* report(run: ToolRun, quotas: readonly Quota[]): Generator<string> {
  yield '   Quota   % Used     Used             Resource Root'
  for (const { root, limit, usage } of quotas)
    for (const [resource, shown] of resources) {
      const most = limit[resource]
      const used = Math.floor(usage[resource] / unit(resource))
      const share = most ? String(Math.floor((usage[resource] * 100) / (most * unit(resource)))) : ''
      const columns = [String(most ?? '').padStart(8), share.padStart(8), String(used).padStart(8), shown.padStart(20)]
      yield `${columns.join(' ')} ${adminForm(root, run.options)}`
    }
}

/** Octets for storage, as Cyrus has them. */
function asJson({ options }: ToolRun, quotas: readonly Quota[]): Record<string, unknown> {
  const amounts = ({ usage, limit }: Quota) =>
    resources.map(([resource, shown]) => {
      const most = limit[resource]
      return [shown, { used: usage[resource], ...(most === undefined ? {} : { limit: most * unit(resource) }) }]
    })
  return Object.fromEntries(quotas.map((quota) => [adminForm(quota.root, options), Object.fromEntries(amounts(quota))]))
}
