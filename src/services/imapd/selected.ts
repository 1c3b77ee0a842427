/** The session's own view of the selected mailbox: its numbers stand still until the client may be told. RFC 9051 §2.3.1.2 */
import type { InternalName } from '../../store/mailbox-name.js'
import type { Store, Watch } from '../../store/store.js'
import type { Mailbox, MailboxId, ModSeq, Uid, UidRange } from '../../store/types.js'
import { countUids, difference, intersection, union } from '../../store/uid-ranges.js'
import { resolveSet, type SequenceSet } from '../../syntax/imap/sequence-set.js'

/** What is known when a mailbox is selected. */
export interface Selection {
  readonly mailbox: Mailbox
  readonly uids: readonly UidRange[]
  readonly readOnly: boolean
}

/** How the news found in one look differ from what the client knows. */
export interface Difference {
  /** Messages the client knows that are gone. */
  readonly gone: readonly UidRange[]
  readonly appended: readonly UidRange[]
}

/** Lives from SELECT until the mailbox is left. */
export class SelectedMailbox {
  readonly id: MailboxId
  /** The name under which it was selected. */
  readonly name: InternalName
  readonly readOnly: boolean
  readonly uidValidity: number
  /** Every change up to here has been told, except what `withheld` says. */
  modSeq: ModSeq
  /** Keywords that the client has been told of. */
  toldKeywords: number
  /** The saved search result, "$". RFC 5182 §2.1 */
  saved: readonly UidRange[] = []
  #uids: readonly UidRange[]
  /** Of each range of `#uids`, how many messages stand before it. */
  #before: readonly number[]
  #exists: number
  #highestUid: number
  #recent: readonly UidRange[]
  #gone: readonly UidRange[] = []
  #watch: Watch | undefined

  constructor({ mailbox, uids, readOnly }: Selection) {
    this.id = mailbox.id
    this.name = mailbox.name
    this.readOnly = readOnly
    this.uidValidity = mailbox.uidValidity
    this.modSeq = mailbox.highestModSeq
    this.toldKeywords = mailbox.keywords.length
    this.#uids = uids
    this.#before = countBefore(uids)
    this.#exists = countUids(uids)
    this.#highestUid = mailbox.uidNext - 1
    this.#recent = above(uids, mailbox.recentUid)
  }

  /** Messages as the client counts them. */
  get exists(): number {
    return this.#exists
  }

  get recent(): number {
    return countUids(intersection(this.#recent, this.#uids))
  }

  /** UIDs of the messages as the client counts them, expunged ones it has not been told of included. */
  get uids(): readonly UidRange[] {
    return this.#uids
  }

  get highestUid(): number {
    return this.#highestUid
  }

  /** Whether the client still counts messages that are known to be gone. */
  get withholds(): boolean {
    return this.#gone.length > 0
  }

  isRecent(uid: Uid): boolean {
    for (const { first, last } of this.#recent) if (uid >= first && uid <= last) return true
    return false
  }

  /** The message's number, 0 if the client knows no such message. */
  numberOf(uid: number): number {
    const at = lastNotAbove(this.#uids.length, (index) => this.#uids[index]?.first ?? 0, uid)
    const range = this.#uids[at]
    return range === undefined || uid > range.last ? 0 : (this.#before[at] ?? 0) + uid - range.first + 1
  }

  /** The UID of the message with that number; undefined beyond the last. */
  uidOf(number: number): Uid | undefined {
    if (number < 1 || number > this.#exists) return undefined
    const at = lastNotAbove(this.#before.length, (index) => (this.#before[index] ?? 0) + 1, number)
    const range = this.#uids[at]
    return range === undefined ? undefined : ((range.first + number - 1 - (this.#before[at] ?? 0)) as Uid)
  }

  /** The UIDs that a set of UIDs means, whether there are such messages or not. */
  span(set: SequenceSet): readonly UidRange[] {
    if (set === 'saved') return this.saved
    return resolveSet(set, this.#uids[this.#uids.length - 1]?.last ?? 0) as unknown as UidRange[]
  }

  /** The messages that a set means, of those the client knows; numbers beyond the last mean none, as in Cyrus. */
  resolve(set: SequenceSet, by: 'number' | 'uid'): readonly UidRange[] {
    if (set === 'saved') return intersection(this.saved, this.#uids)
    if (by === 'uid') return intersection(this.span(set), this.#uids)
    const wanted: UidRange[] = []
    for (const { first, last } of resolveSet(set, this.#exists)) {
      const [from, to] = [this.uidOf(first), this.uidOf(Math.min(last, this.#exists))]
      if (from !== undefined && to !== undefined) wanted.push({ first: from, last: to })
    }
    return intersection(wanted, this.#uids)
  }

  /** What `live` holds that the client does not know, and the other way round. */
  compare(live: readonly UidRange[]): Difference {
    return { gone: difference(this.#uids, live), appended: above(live, this.#highestUid) }
  }

  /** The client has been told that these are gone. */
  forget(gone: readonly UidRange[]): void {
    this.#set(difference(this.#uids, gone))
    this.saved = intersection(this.saved, this.#uids)
    this.#gone = []
  }

  /** These are gone and the client may not be told yet. */
  withhold(gone: readonly UidRange[]): void {
    this.#gone = gone
  }

  /** The client has been told of these; those above `recentUid` are \Recent here. */
  add(appended: readonly UidRange[], { uidNext, recentUid }: Mailbox): void {
    this.#set(union(this.#uids, appended))
    this.#recent = union(this.#recent, above(appended, recentUid))
    this.#highestUid = uidNext - 1
  }

  /** Calls back when something may have changed. */
  watch(store: Store, changed: () => void): void {
    this.#watch?.stop()
    this.#watch = store.watch(this.id, changed)
  }

  close(): void {
    this.#watch?.stop()
    this.#watch = undefined
  }

  #set(uids: readonly UidRange[]): void {
    this.#uids = uids
    this.#before = countBefore(uids)
    this.#exists = countUids(uids)
  }
}

function countBefore(uids: readonly UidRange[]): number[] {
  const before: number[] = []
  let count = 0
  for (const { first, last } of uids) {
    before.push(count)
    count += last - first + 1
  }
  return before
}

/** The part of the ranges above a UID. */
function above(ranges: readonly UidRange[], uid: number): readonly UidRange[] {
  const last = ranges[ranges.length - 1]
  if (last === undefined || last.last <= uid) return []
  return intersection(ranges, [{ first: (uid + 1) as Uid, last: last.last }])
}

/** The last index whose value is not above `wanted`, of values that rise; -1 if there is none. */
function lastNotAbove(length: number, value: (index: number) => number, wanted: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value(middle) <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}
