/** A maildrop: the messages of one mailbox as they were at sign-in, numbered 1 … n for the session. RFC 1939 §4-5 */
import type { MessageRecord } from '../../store/message-record.js'
import type { Store } from '../../store/store.js'
import { flag, type Mailbox, type Uid, type UidRange } from '../../store/types.js'
import { RangeCollector } from '../../store/uid-ranges.js'

/** Messages read in one look at the store. */
const SLICE = 4000
const LAST_UID = 0xffffffff as Uid

export interface Drop {
  readonly mailbox: Mailbox
  /** By message number less one. */
  readonly uids: Uint32Array
  /** Octets as sent, doubled dots not counted. */
  readonly sizes: Float64Array
  /** 1 for those marked by DELE. */
  readonly deleted: Uint8Array
}

/** Reads it in slices, so that a large one delays nobody. */
export async function loadDrop(
  store: Store,
  { mailbox, hideDeleted }: { mailbox: Mailbox; hideDeleted: boolean },
): Promise<Drop> {
  const [uids, sizes]: [number[], number[]] = [[], []]
  const wanted = (message: MessageRecord): boolean =>
    message.internalDate >= mailbox.pop3ShowAfter && !(hideDeleted && message.flags & flag.deleted)
  for (let next = 1; ; ) {
    const last = store.read((view) => {
      let [seen, uid] = [0, 0]
      for (const message of view.messages(mailbox.id, [{ first: next as Uid, last: LAST_UID }])) {
        uid = message.uid
        if (wanted(message)) {
          uids.push(uid)
          sizes.push(message.size)
        }
        if (++seen >= SLICE) return uid
      }
      return 0
    })
    if (last === 0) break
    next = last + 1
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    mailbox,
    uids: Uint32Array.from(uids),
    sizes: Float64Array.from(sizes),
    deleted: new Uint8Array(uids.length),
  }
}

/** The index of a message number; undefined: no such message, or marked deleted. */
export function indexOf({ uids, deleted }: Drop, number: number): number | undefined {
  return number >= 1 && number <= uids.length && deleted[number - 1] === 0 ? number - 1 : undefined
}

/** Messages that are not marked deleted: how many, and their octets. */
export function countOf({ sizes, deleted }: Drop): { readonly messages: number; readonly octets: number } {
  let [messages, octets] = [0, 0]
  for (let i = 0; i < sizes.length; i++) {
    if (deleted[i]) continue
    messages++
    octets += sizes[i] ?? 0
  }
  return { messages, octets }
}

/** Numbers of the messages that are not marked deleted. */
export function* numbersOf({ deleted }: Drop): Generator<number> {
  for (let i = 0; i < deleted.length; i++) if (!deleted[i]) yield i + 1
}

/** UIDs of those that are. */
export function deletedUids({ uids, deleted }: Drop): readonly UidRange[] {
  const ranges = new RangeCollector()
  for (let i = 0; i < uids.length; i++) if (deleted[i]) ranges.add((uids[i] ?? 0) as Uid)
  return ranges.ranges
}
