// RCPT: which mailbox a recipient means, whether it may be posted to, and whether there is room. Reads only.

import { holds } from '../store/acl.js'
import { componentsOf, domainOf, type InternalName, inboxOfUser, joinName } from '../store/mailbox-name.js'
import type { Actor, MailboxEntry, MailboxId, Quota } from '../store/types.js'
import type { View } from '../store/view.js'
import { encodeModifiedUtf7 } from '../syntax/imap/modified-utf7.js'
import { type AddressOptions, addressee } from './address.js'
import { nearestFolder } from './nearest-folder.js'

export type RecipientOptions = AddressOptions & {
  readonly unixhierarchysep: boolean
  readonly lmtp_fuzzy_mailbox_match: boolean
  readonly lmtp_exclude_specialuse: readonly string[]
  readonly lmtp_catchall_mailbox: string | undefined
  readonly lmtp_strict_quota: boolean
}

/** Where one recipient's message goes unless a script says otherwise. */
export type Recipient = {
  readonly mailbox: MailboxId
  readonly name: InternalName
  readonly partition: string
  /** The user's INBOX, where the record of a delivery is kept; of a shared folder itself. */
  readonly anchor: MailboxId
  /** undefined: a shared folder. */
  readonly user: string | undefined
  readonly ignoreQuota: boolean
}

export type Resolution =
  | { readonly kind: 'recipient'; readonly recipient: Recipient }
  /** No such mailbox: `inbox` is the INBOX that could be made for it, if it can have one. */
  | { readonly kind: 'unknown'; readonly inbox: InternalName | undefined; readonly user: string | undefined }
  | { readonly kind: 'notPermitted' }
  | { readonly kind: 'overQuota' }

/** What is said of a recipient before its mail comes. */
export type Envelope = {
  readonly mailbox: { readonly local: string; readonly domain: string | undefined }
  readonly ignoreQuota: boolean
  /** Octets announced, 0 if unknown. */
  readonly size: number
  /** Who posts: their right `p` opens other folders than INBOX. */
  readonly as: Actor
}

/** Everybody and nobody: the sender of mail whose submitter is unknown. */
export const anonymous: Actor = { kind: 'user', user: 'anonymous', groups: [], admin: false }

/** Finds the mailbox of a recipient. */
export function resolveRecipient(view: View, envelope: Envelope, options: RecipientOptions): Resolution {
  const who = addressee(envelope.mailbox, options)
  if (who.kind === 'shared') return resolveShared(view, { ...envelope, ...who }, options)
  const inboxName = inboxOfUser(who.user, options)
  const inbox = (inboxName && view.lookup(inboxName)) ?? catchAll(view, options)
  if (inbox === undefined) return { kind: 'unknown', inbox: inboxName, user: who.user }
  const folder =
    who.detail !== undefined && inbox.name === inboxName
      ? folderFor(view, { user: who.user, detail: who.detail, as: envelope.as }, options)
      : undefined
  return withRoom(view, { ...envelope, anchor: inbox, target: folder ?? inbox, user: who.user }, options)
}

function catchAll(view: View, options: RecipientOptions): MailboxEntry | undefined {
  const user = options.lmtp_catchall_mailbox
  const name = user === undefined ? undefined : inboxOfUser(user, options)
  return name && view.lookup(name)
}

/** The folder that `user+detail` names, if it is there, may be posted to and is not set apart; else INBOX serves. */
function folderFor(
  view: View,
  { user, detail, as }: { user: string; detail: string; as: Actor },
  options: RecipientOptions,
): MailboxEntry | undefined {
  const inbox = inboxOfUser(user, options)
  const name = inbox && joinName(domainOf(inbox), [...componentsOf(inbox), ...boxesOf(detail, options)])
  const exact = name && view.lookup(name)
  const fuzzy = name && !exact && options.lmtp_fuzzy_mailbox_match ? nearestFolder(view, name) : undefined
  const folder = exact ?? fuzzy
  if (folder === undefined || folder.specialUse.some((use) => excluded(use, options))) return undefined
  return holds(view.rights(folder, as), 'p') ? folder : undefined
}

function excluded(use: string, { lmtp_exclude_specialuse }: RecipientOptions): boolean {
  return lmtp_exclude_specialuse.some((one) => one.toLowerCase() === use.toLowerCase())
}

/** A folder's name in an address as components. Inside it is modified UTF-7; addresses may carry UTF-8. RFC 6531 §3.3 */
function boxesOf(detail: string, { unixhierarchysep }: RecipientOptions): string[] {
  const ascii = /^[\x20-\x7e]*$/.test(detail) ? detail : encodeModifiedUtf7(detail)
  const boxes = ascii.split(unixhierarchysep ? '/' : '.').filter((box) => box !== '')
  return unixhierarchysep ? boxes.map((box) => box.replaceAll('.', '^')) : boxes
}

function resolveShared(
  view: View,
  envelope: Envelope & { folder: string; domain: string | undefined },
  options: RecipientOptions,
): Resolution {
  const boxes = boxesOf(envelope.folder, options)
  const name = joinName(envelope.domain, boxes)
  const target = name && view.lookup(name)
  if (target === undefined || boxes[0] === 'user') return { kind: 'unknown', inbox: undefined, user: undefined }
  if (!holds(view.rights(target, envelope.as), 'p')) return { kind: 'notPermitted' }
  return withRoom(view, { ...envelope, anchor: target, target, user: undefined }, options)
}

function withRoom(
  view: View,
  chosen: Envelope & { anchor: MailboxEntry; target: MailboxEntry; user: string | undefined },
  options: RecipientOptions,
): Resolution {
  const { anchor, target, user, ignoreQuota, size } = chosen
  const quota = ignoreQuota ? undefined : view.quotaRootOf(target.name)
  if (quota && isFull(quota, { size, strict: options.lmtp_strict_quota })) return { kind: 'overQuota' }
  const { id: mailbox, name, partition } = target
  return { kind: 'recipient', recipient: { mailbox, name, partition, anchor: anchor.id, user, ignoreQuota } }
}

/** Whether no more mail may come: over the limit already, or with `strict` after this message. */
function isFull({ usage, limit }: Quota, { size, strict }: { size: number; strict: boolean }): boolean {
  const storage = limit.STORAGE
  const messages = limit.MESSAGE
  if (storage !== undefined && usage.STORAGE + (strict ? size : 0) > storage * 1024) return true
  return messages !== undefined && usage.MESSAGE + (strict ? 1 : 0) > messages
}
