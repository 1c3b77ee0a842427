/** Writes FETCH answers for many messages: in slices, each with a fresh look at the store. RFC 9051 §7.5.2 */

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
  for (let rest = uids; rest.length > 0; ) {
    const slice = firstOf(rest, SLICE)
    const seen = run.plan.marksSeen ? await markSeen(session, slice) : new Set<Uid>()
    const written = writeSlice(session, slice, { ...run, seen, pieces })
    if (written.missing) missing = true
    yield* pieces.take()
    await client.turn.share()
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
    if (entry === undefined || !view.rights(entry, user).includes('r')) throw refusal('notPermitted')
    const records = [...view.messages(mailbox.id, slice)]
    const write = writer(session, { view, entry, records }, run)
    let count = 0
    for (const record of records) {
      write(record, count)
      count++
      if (run.pieces.full || (count % GLANCE === 0 && client.turn.over)) break
    }
    const all = count === records.length
    const last = all ? (slice[slice.length - 1]?.last ?? 0) : (records[count - 1]?.uid ?? 0)
    return { last, missing: all && records.length < sizeOf(slice) }
  })
}

interface Snapshot {
  readonly view: View
  readonly entry: Mailbox
  readonly records: readonly MessageRecord[]
}

/** Writes one of the records, given with its place among them. */
function writer(
  { server, mailbox, user }: SessionIn<'selected'>,
  { view, entry, records }: Snapshot,
  { plan, changedSince, seen, pieces }: SliceRun,
): (record: MessageRecord, place: number) => void {
  const flagView = new FlagView(view, entry, user)
  const { writers } = plan
  // As many as one turn can write; then the next, so that the cache reads and fills no more than needed.
  let cached: { readonly from: number; readonly messages: readonly CachedMessage[] } = { from: 0, messages: [] }
  const cacheOf = (record: MessageRecord, place: number): CachedMessage => {
    const known = cached.messages[place - cached.from]
    if (known !== undefined) return known
    cached = { from: place, messages: server.store.cache.get(entry, records.slice(place, place + GLANCE)) }
    const message = cached.messages[0]
    if (message === undefined) throw new Error(`no cache for message ${record.uid}`)
    return message
  }
  return (record, place) => {
    const modSeq = (): number => view.modSeqFor(mailbox.id, record, user.user)
    if (changedSince !== undefined && modSeq() <= changedSince) return
    const message: FetchedMessage = {
      record,
      flags: () => flagView.write(record, mailbox.isRecent(record.uid)),
      modSeq,
      cached: () => cacheOf(record, place),
      text: new MessageText(server.store, entry, record),
    }
    pieces.text(`* ${mailbox.numberOf(record.uid)} FETCH (`)
    if (seen.has(record.uid) && !plan.flags) pieces.text(`FLAGS (${message.flags()}) `)
    for (let at = 0; at < writers.length; at++) {
      if (at > 0) pieces.text(' ')
      writers[at]?.(message, pieces)
    }
    pieces.text(')\r\n')
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
