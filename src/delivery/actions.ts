// What becomes of one message for one recipient: the list of actions that a Sieve script gives, or the one that is implied.

import type { AppendTarget } from '../store/change/change.js'
import type { InternalName } from '../store/mailbox-name.js'
import type { MailboxId } from '../store/types.js'
import type { Recipient } from './recipient.js'

/** RFC 5228 §4. Further actions join this union with their extensions. */
export type Action =
  /** Into the mailbox that the recipient's address names. */
  | { readonly kind: 'keep'; readonly flags: readonly string[] }
  | {
      readonly kind: 'fileInto'
      readonly mailbox: MailboxId
      readonly name: InternalName
      readonly flags: readonly string[]
    }
  | { readonly kind: 'discard' }

/** What happens where no script says otherwise. RFC 5228 §2.10.2 */
export const implicitKeep: readonly Action[] = [{ kind: 'keep', flags: [] }]

/** A place where an action puts the message. */
export type Placement = { readonly mailbox: MailboxId; readonly name: InternalName; readonly flags: readonly string[] }

/** Where the actions put the message; each mailbox once, with the flags of the first action that names it. */
export function placements(actions: readonly Action[], recipient: Recipient): Placement[] {
  const places = new Map<MailboxId, Placement>()
  for (const action of actions) {
    if (action.kind === 'discard') continue
    const { mailbox, name } = action.kind === 'keep' ? recipient : action
    if (!places.has(mailbox)) places.set(mailbox, { mailbox, name, flags: action.flags })
  }
  return [...places.values()]
}

/** The placement as the store takes it; how often it may be repeated is the caller's to say. */
export function appendTarget(
  { mailbox, flags }: Placement,
  rest: Pick<AppendTarget, 'quota' | 'deliveryKey' | 'messageIdKey'>,
): AppendTarget {
  return { mailbox, flags, ...rest }
}
