// lmtp_fuzzy_mailbox_match: the folder that a careless plus address means.

import { componentsOf, domainOf, type InternalName, inboxOf, joinName } from '../store/mailbox-name.js'
import type { MailboxEntry } from '../store/types.js'
import type { View } from '../store/view.js'

/** Folders of one user that are looked at; more than that are not guessed among. */
const maxFolders = 10_000

/** The folder nearest to `name`: without regard to case and white space, else its nearest such parent. INBOX is none. */
export function nearestFolder(view: View, name: InternalName): MailboxEntry | undefined {
  const inbox = inboxOf(name)
  if (inbox === undefined) return undefined
  const folders = new Map<string, MailboxEntry>()
  for (const folder of view.list(`${inbox}.`)) {
    const key = loose(folder.name)
    if (!folders.has(key)) folders.set(key, folder)
    if (folders.size > maxFolders) return undefined
  }
  const components = componentsOf(name)
  for (let length = components.length; length > 2; length--) {
    const tried = joinName(domainOf(name), components.slice(0, length))
    const folder = tried && folders.get(loose(tried))
    if (folder) return folder
  }
  return undefined
}

function loose(name: string): string {
  return name.replaceAll(' ', '').toLowerCase()
}
