/** Writes FETCH answers for many messages: in slices, each with a fresh look at the store. RFC 9051 §7.5.2 */

import { StoreError } from '../../store/errors.js'
import type { MessageRecord } from '../../store/message-record.js'
import type { CachedMessage } from '../../store/store.js'
import type { Mailbox, ModSeq, Uid, UidRange } from '../../store/types.js'
import { intersection } from '../../store/uid-ranges.js'
import type { View } from '../../store/view.js'
import { type Output, Pieces } from './answers.js'
import { refusal } from './errors.js'
import type { FetchPlan } from './fetch-items.js'
import type { FetchedMessage } from './fetched-message.js'
import { FlagView } from './flags.js'
import { MessageText } from './message-text.js'
import type { SessionIn } from './session-context.js'

/** Messages in one slice: what the cache is asked for at once, and what one change marks as seen. */
const SLICE = 200
/** Messages between two looks at the clock. */
const GLANCE = 16

export interface FetchRun {
  readonly plan: FetchPlan
  /** Only messages changed after this. */
  readonly changedSince: ModSeq | undefined
}

type Result = AsyncGenerator<Output, { readonly missing: boolean }, void>

export async function* writeMessages(session: SessionIn<'selected'>, uids: readonly UidRange[], run: FetchRun): Result {
  const { client } = session
  const pieces = new Pieces()
  let missing = false
  // A slice that could not be written to its end has read records in vain: the next is as long as what was written.
  let size = SLICE
  let marked: { readonly uids: readonly UidRange[]; readonly seen: ReadonlySet<Uid> } = { uids: [], seen: new Set() }
  for (let rest = uids; rest.length > 0; ) {
    if (run.plan.marksSeen && marked.uids.length === 0) {
      const next = firstOf(rest, SLICE)
      marked = { uids: next, seen: await markSeen(session, next) }
    }
    const slice = firstOf(run.plan.marksSeen ? marked.uids : rest, size)
    const written = writeSlice(session, slice, { ...run, seen: marked.seen, pieces })
    if (written.missing) missing = true
    yield* pieces.take()
    await client.turn.share()
    size = written.all ? Math.min(SLICE, size * 2) : Math.max(GLANCE, written.count)
    marked = { ...marked, uids: after(marked.uids, written.last) }
    rest = after(rest, written.last)
  }
  return { missing }
}

interface SliceRun extends FetchRun {
  /** Messages that this command has set \Seen of. */
  readonly seen: ReadonlySet<Uid>
  readonly pieces: Pieces
}

/** Writes messages until the slice, the turn or the piece is full; `last` is the UID up to which all is done. */
function writeSlice(session: SessionIn<'selected'>, slice: readonly UidRange[], run: SliceRun) {
  const { server, client, mailbox, user } = session
  return server.store.read((view) => {
    const entry = view.mailbox(mailbox.id)
    if (entry === undefined) return { last: 0xffffffff, all: true, count: 0, missing: true }
    if (!view.rights(entry, user).includes('r')) throw refusal('notPermitted')
    const records = [...view.messages(mailbox.id, slice)]
    const write = writer(session, { view, entry, records }, run)
    let count = 0
    let gone = false
    for (const record of records) {
      if (!write(record, count)) gone = true
      count++
      if (run.pieces.full || (count % GLANCE === 0 && client.turn.over)) break
    }
    const all = count === records.length
    const last = all ? (slice[slice.length - 1]?.last ?? 0) : (records[count - 1]?.uid ?? 0)
    return { last, all, count, missing: gone || (all && records.length < sizeOf(slice)) }
  })
}

interface Snapshot {
  readonly view: View
  readonly entry: Mailbox
  readonly records: readonly MessageRecord[]
}

/** Writes one of the records, given with its place among them; false when it cannot be read any more. */
function writer(
  { server, mailbox, user }: SessionIn<'selected'>,
  { view, entry, records }: Snapshot,
  { plan, changedSince, seen, pieces }: SliceRun,
): (record: MessageRecord, place: number) => boolean {
  const flagView = new FlagView(view, entry, user)
  const { writers } = plan
  // As many as one turn can write; then the next, so that the cache reads and fills no more than needed.
  let cached: { readonly from: number; readonly messages: readonly CachedMessage[] } = { from: 0, messages: [] }
  // One object for all messages of the slice: only `record` and what is made of it change.
  let record = records[0] as MessageRecord
  let place = 0
  let text: MessageText | undefined
  const message: FetchedMessage = {
    get record() {
      return record
    },
    flags: () => flagView.write(record, mailbox.isRecent(record.uid)),
    modSeq: () => view.modSeqFor(mailbox.id, record, user.user),
    cached() {
      if (cached.messages[place - cached.from] === undefined) {
        cached = { from: place, messages: server.store.cache.get(entry, records.slice(place, place + GLANCE)) }
      }
      const found = cached.messages[place - cached.from]
      if (found === undefined) throw new Error(`no cache for message ${record.uid}`)
      return found
    },
    get text() {
      text ??= new MessageText(server.store, entry, record)
      return text
    },
  }
  return (next, at) => {
    record = next
    place = at
    text = undefined
    if (changedSince !== undefined && message.modSeq() <= changedSince) return true
    if (!isReadable(message, plan)) return false
    pieces.text(`* ${mailbox.numberOf(record.uid)} FETCH (`)
    if (seen.has(record.uid) && !plan.flags) pieces.text(`FLAGS (${message.flags()}) `)
    for (let item = 0; item < writers.length; item++) {
      if (item > 0) pieces.text(' ')
      writers[item]?.(message, pieces)
    }
    pieces.text(')\r\n')
    return true
  }
}

/** Reads what the items need before anything is written, so that no answer stops in its middle. @throws StoreError damaged */
function isReadable(message: FetchedMessage, { cached, bytes }: FetchPlan): boolean {
  if (!cached && !bytes) return true
  try {
    return (!cached || message.cached() !== undefined) && (!bytes || message.text.bytes !== undefined)
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'messageGone') return false
    throw error
  }
}

/** Sets \Seen where it is missing and the user may; which of the messages it was set of. */
async function markSeen(
  { server, mailbox, user }: SessionIn<'selected'>,
  slice: readonly UidRange[],
): Promise<ReadonlySet<Uid>> {
  const marked = new Set<Uid>()
  if (mailbox.readOnly) return marked
  const unseen = server.store.read((view) => {
    const entry = view.mailbox(mailbox.id)
    if (entry === undefined || !view.rights(entry, user).includes('s')) return []
    const flags = new FlagView(view, entry, user)
    const uids: UidRange[] = []
    for (const record of view.messages(mailbox.id, slice)) {
      if (!flags.seen(record)) uids.push({ first: record.uid, last: record.uid })
    }
    return uids
  })
  if (unseen.length === 0) return marked
  const done = await server.store.change({
    kind: 'setFlags',
    as: user,
    mailbox: mailbox.id,
    uids: intersection(unseen, slice),
    how: 'add',
    flags: ['\\Seen'],
    lenient: true,
  })
  if (done.modSeq === mailbox.modSeq + 1) mailbox.modSeq = done.modSeq
  for (const { first, last } of done.changed) for (let uid: number = first; uid <= last; uid++) marked.add(uid as Uid)
  return marked
}

/** The first ranges that hold at most `count` messages. */
function firstOf(ranges: readonly UidRange[], count: number): readonly UidRange[] {
  const taken: UidRange[] = []
  let left = count
  for (const { first, last } of ranges) {
    if (left <= 0) break
    const end = Math.min(last, first + left - 1) as Uid
    taken.push({ first, last: end })
    left -= end - first + 1
  }
  return taken
}

function after(ranges: readonly UidRange[], uid: number): readonly UidRange[] {
  return intersection(ranges, [{ first: (uid + 1) as Uid, last: 0xffffffff as Uid }])
}

function sizeOf(ranges: readonly UidRange[]): number {
  let size = 0
  for (const { first, last } of ranges) size += last - first + 1
  return size
}
