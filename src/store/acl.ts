// Rights and who holds them: RFC 4314 with the old letters "c" and "d" understood.

import { StoreError } from './errors.js'
import { domainOf, type InternalName, ownerOf, type UserNaming } from './mailbox-name.js'
import type { Actor } from './types.js'

/** The letters in the order in which they are written; "c" and "d" are derived from others. */
const letters = 'lrswipkxtecdan0123456789'
/** Rights that stand for themselves: bit n is the n-th letter. */
const ownLetters = 'lrswipkxtean0123456789'

/** What the two letters of RFC 2086 stand for. RFC 4314 §2.1.1, with `deleteright: c` */
const oldLetters = { c: 'kx', d: 'te' } as const

/** Everything: what the server itself may do. */
export const allRights = formatRights(-1)

/** Longest ACL, octets of its text form; longest identifier. */
const maxAclLength = 32 * 1024
const maxIdentifierLength = 256

/** One entry: rights that an identifier gets, or (identifier with "-") loses. Rights as `formatRights` writes them. */
export type AclEntry = { readonly identifier: string; readonly rights: string }

/** Letters as bits; undefined for a letter that is no right. */
function readRights(text: string): number | undefined {
  let mask = 0
  for (const letter of text) {
    const own = letter === 'c' || letter === 'd' ? oldLetters[letter] : letter
    for (const one of own) {
      const bit = ownLetters.indexOf(one)
      if (bit < 0) return undefined
      mask |= 1 << bit
    }
  }
  return mask
}

/**
 * Letters as this file writes them, or as an old store did: "c" and "d" beside a letter that they stand for say nothing
 * new ("kc" is the right "k"); alone they are the old rights. Never undefined: other letters are passed over.
 */
function readStored(text: string): number {
  let mask = 0
  for (const letter of text) {
    const old = letter === 'c' || letter === 'd' ? oldLetters[letter] : ''
    if (![...old].some((one) => text.includes(one))) mask |= readRights(letter) ?? 0
  }
  return mask
}

/** Bits as letters: "c" appears with "k" or "x", "d" with "t" or "e". RFC 4314 §2.1.1 */
function formatRights(mask: number): string {
  let text = ''
  for (const letter of letters) {
    const meant = readRights(letter) ?? 0
    if ((mask & meant) !== 0) text += letter
  }
  return text
}

/** The entries of an ACL's text form, `paul\tlrswipkxtecda\tanyone\tlrs\t`; damage is skipped, never invented. */
export function readAcl(acl: string): AclEntry[] {
  const words = acl.split('\t')
  const entries: AclEntry[] = []
  for (let i = 0; i + 1 < words.length; i += 2) {
    const [identifier = '', text = ''] = [words[i], words[i + 1]]
    const rights = readStored(text)
    if (identifier !== '' && rights !== 0) entries.push({ identifier, rights: formatRights(rights) })
  }
  return entries
}

/** The text form of entries. */
export function formatAcl(entries: readonly AclEntry[]): string {
  return entries.map(({ identifier, rights }) => `${identifier}\t${rights}\t`).join('')
}

/**
 * The ACL after one SETACL or DELETEACL: `lrs` replaces, `+w` adds, `-p` takes away, '' removes the entry. RFC 4314 §3.1
 * @throws StoreError badAcl: an unknown letter, an identifier that cannot be, too long.
 */
export function changeAcl(acl: string, { identifier, rights }: { identifier: string; rights: string }): string {
  if (!isIdentifier(identifier)) throw new StoreError('badAcl', `"${identifier.slice(0, 64)}" cannot hold rights`)
  const mode = rights.startsWith('+') || rights.startsWith('-') ? rights.charAt(0) : ''
  const named = readRights(rights.slice(mode.length))
  if (named === undefined)
    throw new StoreError('badAcl', `The ${unknownRight(rights.slice(mode.length))} right is not supported`)
  const entries = readAcl(acl)
  const at = entries.findIndex((entry) => entry.identifier === identifier)
  const before = readStored(entries[at]?.rights ?? '')
  const after = mode === '+' ? before | named : mode === '-' ? before & ~named : named
  const entry = after === 0 ? [] : [{ identifier, rights: formatRights(after) }]
  entries.splice(at < 0 ? entries.length : at, at < 0 ? 0 : 1, ...entry)
  const text = formatAcl(entries)
  if (text.length > maxAclLength) throw new StoreError('badAcl', `The ACL would have more than ${maxAclLength} octets`)
  return text
}

function unknownRight(rights: string): string {
  return [...rights].find((letter) => readRights(letter) === undefined) ?? ''
}

/** Whether ACLs can hold it: not empty, no control characters, at most 256 octets; "-" before it takes rights away. */
export function isIdentifier(identifier: string): boolean {
  const name = identifier.startsWith('-') ? identifier.slice(1) : identifier
  return name !== '' && Buffer.byteLength(name) <= maxIdentifierLength && !/[\x00-\x1f\x7f]/.test(name)
}

/** Whether an entry for `identifier` (without "-") concerns the actor. "anyone" includes anonymous. RFC 4314 §2 */
function concerns(identifier: string, { user, groups }: { user: string; groups: readonly string[] }): boolean {
  if (identifier === 'anyone' || identifier === user) return true
  return identifier.startsWith('group:') && groups.includes(identifier.slice(6))
}

/** Rights that the ACL alone gives: the sum of what it grants, less what it takes away, in whatever order. RFC 4314 §2 */
export function myRights(acl: string, actor: { user: string; groups: readonly string[] }): string {
  let granted = 0
  let taken = 0
  for (const { identifier, rights } of readAcl(acl)) {
    const negative = identifier.startsWith('-')
    if (!concerns(negative ? identifier.slice(1) : identifier, actor)) continue
    if (negative) taken |= readStored(rights)
    else granted |= readStored(rights)
  }
  return formatRights(granted & ~taken)
}

/** What decides about rights beside the ACL. */
export type RightsOptions = UserNaming & {
  /** imapd.conf `implicit_owner_rights`, letters. */
  readonly implicitOwnerRights: string
  /** Users of one domain may hold rights in another. */
  readonly crossdomains: boolean
}

/** Rights of administrators everywhere: see and administer. They delete only what an ACL lets them. */
const implicitAdminRights = 'la'

/** Rights that the actor has on a mailbox of that name without any ACL entry. The one table of implicit rights. */
export function implicitRights(name: InternalName, actor: Actor, options: RightsOptions): string {
  if (actor.kind === 'system') return allRights
  if (!mayReach(name, actor, options)) return ''
  const owner = ownerOf(name) === actor.user ? options.implicitOwnerRights : ''
  return unite(owner, actor.admin ? implicitAdminRights : '')
}

/** All rights of the actor on a mailbox: those of the ACL and the implicit ones. RFC 4314 §3.5 */
export function rightsOf(mailbox: { name: InternalName; acl: string }, actor: Actor, options: RightsOptions): string {
  if (actor.kind === 'system') return allRights
  if (!mayReach(mailbox.name, actor, options)) return ''
  return unite(myRights(mailbox.acl, actor), implicitRights(mailbox.name, actor, options))
}

/** Whether the actor's domain is the mailbox's, or domains do not matter to them (a global administrator, crossdomains). */
function mayReach(name: InternalName, actor: Actor & { kind: 'user' }, options: RightsOptions): boolean {
  if (options.virtdomains === 'off' || options.crossdomains) return true
  const at = actor.user.lastIndexOf('@')
  const domain = at < 0 ? undefined : actor.user.slice(at + 1).toLowerCase()
  const own = domain === options.defaultdomain?.toLowerCase() ? undefined : domain
  return own === domainOf(name) || (actor.admin && own === undefined)
}

/** Rights in either. */
function unite(a: string, b: string): string {
  return formatRights(readStored(a) | readStored(b))
}

/** Whether all letters of `needed` are among `rights`; "c" and "d" are held by whoever holds any of their parts. */
export function holds(rights: string, needed: string): boolean {
  for (const letter of needed) if (!rights.includes(letter)) return false
  return true
}

/** What LISTRIGHTS tells: rights always held by the identifier, and those that may be given, one by one. RFC 4314 §3.7 */
export function listRights(mailbox: { name: InternalName; acl: string }, identifier: string, options: RightsOptions) {
  const name = identifier.startsWith('-') ? identifier.slice(1) : identifier
  const user: Actor = { kind: 'user', user: name, groups: [], admin: false }
  const required = name === 'anyone' ? '' : implicitRights(mailbox.name, user, options)
  return { required, optional: [...letters].filter((letter) => !required.includes(letter)) }
}

/** The ACL of a new mailbox at the top: of a user's INBOX all rights for the owner, of others `defaultacl` as given. */
export function initialAcl(name: InternalName, { defaultacl }: { defaultacl: string }): string {
  const owner = ownerOf(name)
  if (owner !== undefined) return formatAcl([{ identifier: owner, rights: formatRights(readStored('lrswipkxtean')) }])
  const words = defaultacl.split(/\s+/).filter((word) => word !== '')
  return formatAcl(readAcl(`${words.join('\t')}\t`))
}
