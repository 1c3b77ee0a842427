/** The mailboxes that a user can see, in the order and with the names that the user sees. */
import { type InternalName, isDeleted } from '../../store/mailbox-name.js'
import type { MailboxEntry } from '../../store/types.js'
import type { View } from '../../store/view.js'
import type { SessionIn } from './session-context.js'

export interface ListedMailbox {
  /** In modified UTF-7. */
  readonly external: string
  readonly entry: MailboxEntry
}

/** All mailboxes with the right `l`: the user's own first, then those of others, then shared ones. RFC 4314 §4 */
export function visibleMailboxes(view: View, { server, user }: SessionIn<'authenticated'>): ListedMailbox[] {
  const inbox = server.names.inboxOfUser(user.user)
  const own: ListedMailbox[] = []
  const others: ListedMailbox[] = []
  const shared: ListedMailbox[] = []
  for (const entry of view.list('')) {
    if (isDeleted(entry.name) && !user.admin) continue
    if (!view.rights(entry, user).includes('l')) continue
    const external = server.names.toExternal(entry.name, user)
    if (external === undefined) continue
    const place = isOwn(entry.name, inbox) ? own : isOthers(entry.name) ? others : shared
    place.push({ external, entry })
  }
  return [...own, ...others, ...shared]
}

function isOwn(name: InternalName, inbox: InternalName | undefined): boolean {
  return inbox !== undefined && (name === inbox || name.startsWith(`${inbox}.`))
}

function isOthers(name: InternalName): boolean {
  return name.startsWith('user.') || name.includes('!user.')
}

/** The names above a name, outermost first. */
export function namesAbove(name: string, separator: string): string[] {
  const above: string[] = []
  for (let at = name.indexOf(separator); at > 0; at = name.indexOf(separator, at + 1)) above.push(name.slice(0, at))
  return above
}
