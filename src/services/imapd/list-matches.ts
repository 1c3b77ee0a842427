/** Which names LIST tells, and what is known of each. RFC 5258 §3 */
import { matchesPattern } from '../../store/list-pattern.js'
import type { MailboxEntry } from '../../store/types.js'
import type { View } from '../../store/view.js'
import type { ListArguments } from '../../syntax/imap/list.js'
import { namesAbove, visibleMailboxes } from './listed.js'
import type { SessionIn } from './session-context.js'

export interface Match {
  /** In modified UTF-7. */
  readonly external: string
  /** undefined: there is no such mailbox (or the user cannot see it), only names below it or a subscription. */
  readonly entry: MailboxEntry | undefined
  readonly exists: boolean
  readonly subscribed: boolean
  readonly hasChildren: boolean
  readonly specialUse: readonly string[]
  /** RFC 5258 §4: told because of what is below it. */
  readonly childInfo: readonly string[]
}

interface Known {
  readonly entry: MailboxEntry | undefined
  hasChildren: boolean
  /** The name is selected itself. */
  selected: boolean
  /** A name below it is selected that no pattern matches. */
  selectedBelow: boolean
}

/** The matches in order, each once. */
export function listMatches(view: View, session: SessionIn<'authenticated'>, args: ListArguments): Match[] {
  const { separator } = session.server.names
  const subscribed = subscriptions(view, session, args)
  const all = allNames(view, session, subscribed, separator)
  const wanted = (name: string): boolean =>
    args.patterns.some((pattern) => matchesPattern(name, { pattern, separator }))
  markSelected(all, { args, subscribed, separator, wanted })
  const matches: Match[] = []
  for (const [external, known] of all) {
    if (!(known.selected || known.selectedBelow) || !wanted(external)) continue
    const { entry } = known
    matches.push({
      external,
      entry,
      exists: entry !== undefined,
      subscribed: subscribed.has(external),
      hasChildren: known.hasChildren,
      specialUse: specialUse(entry, session),
      childInfo: known.selectedBelow && args.selection.recursiveMatch ? ['SUBSCRIBED'] : [],
    })
  }
  return matches
}

/** Special uses are the owner's own matter. RFC 6154 §2 */
function specialUse(entry: MailboxEntry | undefined, { server, user }: SessionIn<'authenticated'>): readonly string[] {
  const inbox = server.names.inboxOfUser(user.user)
  return entry !== undefined && inbox !== undefined && entry.name.startsWith(`${inbox}.`) ? entry.specialUse : []
}

function subscriptions(
  view: View,
  { server, user }: SessionIn<'authenticated'>,
  { selection, returns }: ListArguments,
): ReadonlySet<string> {
  const names = new Set<string>()
  if (!selection.subscribed && returns?.subscribed !== true) return names
  for (const name of view.subscriptions(user.user)) {
    const external = server.names.toExternal(name, user)
    if (external !== undefined) names.add(external)
  }
  return names
}

/** Every name there is for this user: mailboxes, names above them, and subscriptions of what is gone. */
function allNames(
  view: View,
  session: SessionIn<'authenticated'>,
  subscribed: ReadonlySet<string>,
  separator: string,
): Map<string, Known> {
  const all = new Map<string, Known>()
  const add = (name: string, entry: MailboxEntry | undefined): void => {
    for (const above of namesAbove(name, separator)) {
      const known = all.get(above)
      if (known === undefined)
        all.set(above, { entry: undefined, hasChildren: true, selected: false, selectedBelow: false })
      else known.hasChildren = true
    }
    const hasChildren = all.get(name)?.hasChildren ?? false
    all.set(name, { entry, hasChildren, selected: false, selectedBelow: false })
  }
  for (const { external, entry } of visibleMailboxes(view, session)) add(external, entry)
  for (const name of subscribed) if (!all.has(name)) add(name, undefined)
  return all
}

interface Marking {
  readonly args: ListArguments
  readonly subscribed: ReadonlySet<string>
  readonly separator: string
  readonly wanted: (name: string) => boolean
}

function markSelected(all: ReadonlyMap<string, Known>, { args, subscribed, separator, wanted }: Marking): void {
  const { selection } = args
  const selects = (name: string, { entry }: Known): boolean => {
    if (selection.subscribed && !subscribed.has(name)) return false
    if (selection.specialUse && (entry === undefined || entry.specialUse.length === 0)) return false
    return selection.subscribed || entry !== undefined
  }
  for (const [name, known] of all) {
    if (!selects(name, known)) continue
    known.selected = true
    // A name above one that "%" stops short of is told as a place where there is more. RFC 9051 §6.3.9
    const tell = selection.recursiveMatch || (!selection.subscribed && !selection.specialUse)
    if (!tell) continue
    for (const above of namesAbove(name, separator)) {
      const upper = all.get(above)
      if (upper === undefined || wanted(name)) continue
      if (selection.recursiveMatch || upper.entry === undefined) upper.selectedBelow = true
    }
  }
}
