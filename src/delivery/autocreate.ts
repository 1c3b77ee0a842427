// A new user's mailboxes, made when the first mail comes or at the first log-in: autocreate_* of imapd.conf.
import { readAcl } from '../store/acl.js'
import { StoreError } from '../store/errors.js'
import {
  componentsOf,
  domainOf,
  type InternalName,
  inboxOfUser,
  joinName,
  type UserNaming,
} from '../store/mailbox-name.js'
import type { Store } from '../store/store.js'
import { type Actor, system } from '../store/types.js'
import { encodeModifiedUtf7 } from '../syntax/imap/modified-utf7.js'

/** imapd.conf's options, by their own names. */
export type AutocreateOptions = UserNaming & {
  readonly unixhierarchysep: boolean
  /** Octets; -1: nothing is made, 0: no limit. */
  readonly autocreate_quota: number
  /** -1: no limit. */
  readonly autocreate_quota_messages: number
  readonly autocreate_post: boolean
  readonly autocreate_acl: string | undefined
  readonly autocreate_inbox_folders: string
  readonly autocreate_subscribe_folders: string
  readonly autocreate_users: string
  readonly xlist: ReadonlyMap<string, string>
}

/** Makes the mailboxes of a user when mail comes, where imapd.conf says so. Resolves to whether INBOX is there now. */
export function autocreator(store: Store, options: AutocreateOptions): (user: string) => Promise<boolean> {
  return async (user) => options.autocreate_post && autocreate(store, { user, groups: [], options })
}

/** Makes the mailboxes of a user who has none. False: imapd.conf does not want it. @throws StoreError */
export async function autocreate(
  store: Store,
  { user, groups, options }: { user: string; groups: readonly string[]; options: AutocreateOptions },
): Promise<boolean> {
  const inbox = inboxOfUser(user, options)
  if (inbox === undefined || options.autocreate_quota < 0 || !isMeant(options.autocreate_users, { user, groups }))
    return false
  await create(store, { name: inbox })
  await limit(store, { inbox, options })
  for (const folder of list(options.autocreate_inbox_folders)) {
    const name = below(inbox, { folder, options })
    if (name === undefined) continue
    const use = options.xlist.get(folder)
    await create(store, use === undefined ? { name } : { name, specialUse: [use.startsWith('\\') ? use : `\\${use}`] })
  }
  await grant(store, { inbox, options })
  await subscribe(store, { inbox, user, options })
  return true
}

/** `autocreate_users`: anyone, users and groups, divided by white space. */
function isMeant(users: string, { user, groups }: { user: string; groups: readonly string[] }): boolean {
  return users
    .split(/\s+/)
    .some((one) => one === 'anyone' || one === user || (one.startsWith('group:') && groups.includes(one.slice(6))))
}

function list(text: string): string[] {
  return text
    .split('|')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

/** A folder below INBOX, as an administrator writes it in imapd.conf. */
function below(
  inbox: InternalName,
  { folder, options }: { folder: string; options: AutocreateOptions },
): InternalName | undefined {
  const boxes = encodeModifiedUtf7(folder).split(options.unixhierarchysep ? '/' : '.')
  const inside = options.unixhierarchysep ? boxes.map((box) => box.replaceAll('.', '^')) : boxes
  return joinName(domainOf(inbox), [...componentsOf(inbox), ...inside])
}

/** Two first mails at once: the second finds the mailbox made. */
async function create(store: Store, about: { name: InternalName; specialUse?: readonly string[] }): Promise<void> {
  try {
    await store.change({ kind: 'createMailbox', as: system, ...about })
  } catch (error) {
    if (!(error instanceof StoreError && error.kind === 'mailboxExists')) throw error
  }
}

async function limit(
  store: Store,
  { inbox, options }: { inbox: InternalName; options: AutocreateOptions },
): Promise<void> {
  const { autocreate_quota: storage, autocreate_quota_messages: messages } = options
  const limits = {
    ...(storage > 0 ? { STORAGE: Math.ceil(storage / 1024) } : {}),
    ...(messages >= 0 ? { MESSAGE: messages } : {}),
  }
  if (Object.keys(limits).length > 0) await store.change({ kind: 'setQuota', as: system, root: inbox, limits })
}

/** `autocreate_acl`: folder, identifier and rights, in threes. */
async function grant(
  store: Store,
  { inbox, options }: { inbox: InternalName; options: AutocreateOptions },
): Promise<void> {
  const words = (options.autocreate_acl ?? '').split(/\s+/).filter((word) => word !== '')
  for (let at = 0; at + 2 < words.length; at += 3) {
    const [folder = '', identifier = '', rights = ''] = words.slice(at, at + 3)
    const name = /^inbox$/i.test(folder) ? inbox : below(inbox, { folder, options })
    const [entry] = readAcl(`${identifier}\t${rights}\t`)
    if (name !== undefined && entry) await store.change({ kind: 'setAcl', as: system, name, ...entry })
  }
}

async function subscribe(
  store: Store,
  { inbox, user, options }: { inbox: InternalName; user: string; options: AutocreateOptions },
): Promise<void> {
  const as: Actor = system
  const folders = list(options.autocreate_subscribe_folders).map((folder) => below(inbox, { folder, options }))
  for (const name of [inbox, ...folders])
    if (name !== undefined) await store.change({ kind: 'subscribe', as, user, name, subscribed: true })
}
