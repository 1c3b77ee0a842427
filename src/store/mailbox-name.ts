// Internal mailbox names: their grammar, their algebra and their order.

declare const brand: unique symbol

/**
 * A mailbox's name inside the server: `[domain "!"] component *("." component)`, for example `user.paul.Sent`,
 * `example.com!user.john^doe` or `DELETED.user.paul.5E5F8A1B`.
 *
 * Names are printable ASCII: characters beyond it stay in the modified UTF-7 of RFC 3501 §5.1.3, as in the mailbox
 * list and the directories that Cyrus made; only syntax/imap turns them into UTF-8 for clients that asked for it.
 * "^" in a component stands for "." of the user's or the folder's real name. At most 490 octets.
 * Made only by `readInternalName` and the functions below.
 */
export type InternalName = string & { readonly [brand]: 'InternalName' }

/** A mailbox's name as one client sees it (see namespace.ts). ASCII, modified UTF-7. */
export type ExternalName = string & { readonly [brand]: 'ExternalName' }

/** How virtual domains are told apart (imapd.conf `virtdomains`; "yes" is another spelling of "on"). */
export type VirtualDomains = 'off' | 'userid' | 'on' | 'yes'

/** What decides which mailbox belongs to which user name. */
export type UserNaming = {
  readonly virtdomains: VirtualDomains
  /** The domain of users whose names carry none; undefined: such users have no domain. */
  readonly defaultdomain: string | undefined
}

/** Longest internal name, octets; as Cyrus. */
export const maxNameLength = 490
/** Longest component: it is a directory's name. */
const maxComponentLength = 250

/** Characters that a component may hold, by code; "&" opens modified UTF-7, checked apart. */
const goodCharacter = new Uint8Array(128)
for (const c of " #$&'()*+,-0123456789:=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz~")
  goodCharacter[c.charCodeAt(0)] = 1

/** The name, if it is a valid one; undefined otherwise. */
export function readInternalName(text: string): InternalName | undefined {
  if (text.length === 0 || text.length > maxNameLength) return undefined
  const bang = text.indexOf('!')
  if (bang >= 0 && readDomain(text.slice(0, bang)) !== text.slice(0, bang)) return undefined
  const components = text.slice(bang + 1).split('.')
  if (!components.every(isComponent)) return undefined
  const [first = ''] = components
  if (first.startsWith('~')) return undefined
  if ((first === 'user' || first === 'DELETED') && components.length < 2) return undefined
  return text as InternalName
}

/** A domain in lower case, if it is one: letters, digits, "-", "_" and inner dots, at most 253 octets. */
export function readDomain(text: string): string | undefined {
  const domain = text.toLowerCase()
  return domain.length <= 253 && /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(domain) ? domain : undefined
}

/** Whether `text` may stand between two dots of an internal name. */
export function isComponent(text: string): boolean {
  if (text.length === 0 || text.length > maxComponentLength) return false
  for (let i = 0; i < text.length; i++) if (!goodCharacter[text.charCodeAt(i)]) return false
  return !text.includes('&') || isModifiedUtf7(text)
}

const shifted = /&([A-Za-z0-9+,]*)-/g

/**
 * Whether every "&" of `text` opens a well-formed, canonical shift: "&-" for "&" itself, or whole UTF-16 units with
 * paired surrogates, none of which could stand for itself or is a control character. RFC 3501 §5.1.3
 */
export function isModifiedUtf7(text: string): boolean {
  if (text.replace(shifted, '').includes('&')) return false
  if (/&[A-Za-z0-9+,]+-&[A-Za-z0-9+,]+-/.test(text)) return false
  for (const [, base64 = ''] of text.matchAll(shifted)) if (base64 !== '' && !isCanonicalShift(base64)) return false
  return true
}

function isCanonicalShift(base64: string): boolean {
  const bytes = Buffer.from(base64.replaceAll(',', '/'), 'base64')
  if (bytes.length === 0 || bytes.length % 2 !== 0) return false
  if (bytes.toString('base64').replaceAll('=', '').replaceAll('/', ',') !== base64) return false
  const decoded = bytes.swap16().toString('utf16le')
  return !/[\x00-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(decoded)
}

/** The virtual domain of a name; undefined for the default domain. */
export function domainOf(name: InternalName): string | undefined {
  const bang = name.indexOf('!')
  return bang < 0 ? undefined : name.slice(0, bang)
}

/** The components after the domain: `['user', 'paul', 'Sent']`. Never empty. */
export function componentsOf(name: InternalName): string[] {
  return name.slice(name.indexOf('!') + 1).split('.')
}

/** The name made of a domain and components, if it is valid. */
export function joinName(domain: string | undefined, components: readonly string[]): InternalName | undefined {
  const local = components.join('.')
  return readInternalName(domain === undefined ? local : `${domain}!${local}`)
}

/** The name one level up; undefined at the top and above a user's INBOX. */
export function parent(name: InternalName): InternalName | undefined {
  const dot = name.lastIndexOf('.')
  return dot <= name.indexOf('!') ? undefined : readInternalName(name.slice(0, dot))
}

/** The names above, nearest first. */
export function ancestors(name: InternalName): InternalName[] {
  const all: InternalName[] = []
  for (let up = parent(name); up !== undefined; up = parent(up)) all.push(up)
  return all
}

/** Whether `name` lies below `above` in the hierarchy (and is not the same name). */
export function isBelow(name: InternalName, above: InternalName): boolean {
  return name.length > above.length && name.charCodeAt(above.length) === 0x2e && name.startsWith(above)
}

/** The same name with `from` at its head replaced by `to`: what RENAME does to a folder's children. */
export function moveBelow(name: InternalName, { from, to }: { from: InternalName; to: InternalName }) {
  return name === from ? to : isBelow(name, from) ? readInternalName(to + name.slice(from.length)) : undefined
}

/** Whether the name is in a user's tree: `user.paul` or below it. */
export function isUserMailbox(name: InternalName): boolean {
  return name.startsWith('user.', name.indexOf('!') + 1)
}

/** Whether the name is a user's INBOX: `user.paul`. */
export function isUserInbox(name: InternalName): boolean {
  return isUserMailbox(name) && name.indexOf('.', name.indexOf('!') + 6) < 0
}

/** The INBOX of the user whose tree holds `name`; undefined for shared and deleted mailboxes. */
export function inboxOf(name: InternalName): InternalName | undefined {
  if (!isUserMailbox(name)) return undefined
  const end = name.indexOf('.', name.indexOf('!') + 6)
  return (end < 0 ? name : name.slice(0, end)) as InternalName
}

/** The user whose tree holds `name`, as log-ins and ACLs write it (`john.doe@example.com`); undefined when shared. */
export function ownerOf(name: InternalName): string | undefined {
  const inbox = inboxOf(name)
  if (inbox === undefined) return undefined
  const bang = inbox.indexOf('!')
  const local = inbox.slice(bang + 6).replaceAll('^', '.')
  return bang < 0 ? local : `${local}@${inbox.slice(0, bang)}`
}

/** The INBOX of a user by name; undefined when no mailbox can have that name. Inverse of `ownerOf`. */
export function inboxOfUser(user: string, { virtdomains, defaultdomain }: UserNaming): InternalName | undefined {
  if (user.includes('^') || user.includes('!')) return undefined
  const at = virtdomains === 'off' ? -1 : user.lastIndexOf('@')
  const local = `user.${(at < 0 ? user : user.slice(0, at)).replaceAll('.', '^')}`
  if (at < 0) return readInternalName(local)
  const domain = readDomain(user.slice(at + 1))
  if (domain === undefined) return undefined
  return readInternalName(domain === defaultdomain?.toLowerCase() ? local : `${domain}!${local}`)
}

/** The prefix of deleted mailboxes under `delete_mode: delayed`. */
const deletedPrefix = 'DELETED'

/** Where a mailbox goes that is deleted now: `DELETED.<name>.<seconds since 1970 as eight hex digits>`. */
export function deletedName(name: InternalName, at: Date): InternalName | undefined {
  const stamp = Math.floor(at.getTime() / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, '0')
  return joinName(domainOf(name), [deletedPrefix, ...componentsOf(name), stamp])
}

/** What a deleted mailbox was called and when it was deleted; undefined for other names. */
export function readDeletedName(name: InternalName): { name: InternalName; at: Date } | undefined {
  const [prefix, ...rest] = componentsOf(name)
  const stamp = rest.pop()
  if (prefix !== deletedPrefix || stamp === undefined || !/^[0-9A-F]{8,11}$/i.test(stamp)) return undefined
  const was = joinName(domainOf(name), rest)
  return was && { name: was, at: new Date(Number.parseInt(stamp, 16) * 1000) }
}

/** Whether a deleted mailbox has this name. */
export function isDeleted(name: InternalName): boolean {
  return name.startsWith(`${deletedPrefix}.`, name.indexOf('!') + 1)
}

/**
 * A key whose order as bytes is the order of LIST: a mailbox directly before its children (`improved_mboxlist_sort`), since
 * separators sort before every other character. Reversed by `nameOfSortKey`.
 */
export function sortKey(name: InternalName): string {
  return name.replaceAll('.', '\x02').replace('!', '\x01')
}

/** The name that `sortKey` was made of. */
export function nameOfSortKey(key: string): InternalName {
  return key.replaceAll('\x02', '.').replace('\x01', '!') as InternalName
}

/** Orders names as `sortKey` does. For Array.prototype.sort. */
export function compareNames(a: InternalName, b: InternalName): number {
  const [x, y] = [sortKey(a), sortKey(b)]
  return x < y ? -1 : x > y ? 1 : 0
}
