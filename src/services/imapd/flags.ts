/** Flags of a message as one user sees them, and as they are written. */
import { ownerOf } from '../../store/mailbox-name.js'
import type { MessageRecord } from '../../store/message-record.js'
import { flag, type Mailbox, type UidRange } from '../../store/types.js'
import { hasUid } from '../../store/uid-ranges.js'
import type { View } from '../../store/view.js'
import type { User } from './state.js'

/** The order in which Cyrus lists them. */
const order: readonly (readonly [number, string])[] = [
  [flag.answered, '\\Answered'],
  [flag.flagged, '\\Flagged'],
  [flag.draft, '\\Draft'],
  [flag.deleted, '\\Deleted'],
  [flag.seen, '\\Seen'],
]
export const systemFlagNames = order.map(([, name]) => name)

/** Whether \Seen of this user is in the records; else it is in rows of their own. */
export function seenInRecords(mailbox: Mailbox, user: User): boolean {
  return mailbox.sharedSeen || ownerOf(mailbox.name) === user.user
}

/** One snapshot's flags, for one user. */
export class FlagView {
  readonly #keywords: readonly string[]
  readonly #seen: readonly UidRange[] | undefined
  /** Written lists of messages without keywords, by their bits and whether they are recent. */
  readonly #written = new Map<number, string>()

  constructor(view: View, mailbox: Mailbox, user: User) {
    this.#keywords = mailbox.keywords
    this.#seen = seenInRecords(mailbox, user) ? undefined : view.seen(mailbox.id, user.user).seen
  }

  seen(record: MessageRecord): boolean {
    return this.#seen === undefined ? (record.flags & flag.seen) !== 0 : hasUid(this.#seen, record.uid)
  }

  /** The system flags as bits, \Seen being this user's. */
  bits(record: MessageRecord): number {
    const bits = record.flags
    if (this.#seen === undefined) return bits
    return hasUid(this.#seen, record.uid) ? bits | flag.seen : bits & ~flag.seen
  }

  /** flag-list without parentheses. */
  write(record: MessageRecord, recent: boolean): string {
    const bits = this.bits(record)
    const key = recent ? bits | 0x100 : bits
    let text = this.#written.get(key)
    if (text === undefined) {
      const names = order.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name)
      text = (recent ? ['\\Recent', ...names] : names).join(' ')
      this.#written.set(key, text)
    }
    if (this.#keywords.length === 0) return text
    for (const number of record.keywords) {
      const keyword = this.#keywords[number]
      if (keyword !== undefined) text += text === '' ? keyword : ` ${keyword}`
    }
    return text
  }
}

/** UID of the first message that the user has not seen, 0 if none. */
export function firstUnseen(view: View, mailbox: Mailbox, user: User): number {
  if (seenInRecords(mailbox, user)) return mailbox.firstUnseen
  const { seen } = view.seen(mailbox.id, user.user)
  let at = 0
  for (const range of view.uids(mailbox.id)) {
    let uid: number = range.first
    while (uid <= range.last) {
      while ((seen[at]?.last ?? Number.POSITIVE_INFINITY) < uid) at++
      const here = seen[at]
      if (here === undefined || here.first > uid) return uid
      uid = here.last + 1
    }
  }
  return 0
}

export function unseenCount(view: View, mailbox: Mailbox, user: User): number {
  return seenInRecords(mailbox, user) ? mailbox.unseen : view.seen(mailbox.id, user.user).unseen
}
