/** What SELECT … (QRESYNC …) tells a client that knew the mailbox before. RFC 7162 §3.2.5 */
import type { ModSeq, Uid, UidRange } from '../../store/types.js'
import { difference, intersection } from '../../store/uid-ranges.js'
import type { QresyncParameters } from '../../syntax/imap/select-param.js'
import { resolveSet, type SequenceRange, writeSequenceSet } from '../../syntax/imap/sequence-set.js'
import { type Answers, Pieces } from './answers.js'
import { FlagView } from './flags.js'
import type { SelectedMailbox } from './selected.js'
import type { SessionIn } from './session-context.js'

/** Messages told in one look at the store. */
const SLICE = 1000

export async function* resynchronize(session: SessionIn<'selected'>, known: QresyncParameters): Answers {
  const { mailbox } = session
  if (known.uidValidity !== mailbox.uidValidity) return
  const since = Number(known.modSeq) as ModSeq
  const gone = vanished(session, since, knownUids(mailbox, known))
  if (gone.length > 0) yield `* VANISHED (EARLIER) ${writeSequenceSet(gone)}`
  const wanted = intersection(mailbox.uids, knownUids(mailbox, { ...known, match: undefined }))
  yield* changed(session, since, wanted)
}

/** The UIDs that the client has; those that its match data prove to be right need not be told as vanished again. */
function knownUids(mailbox: SelectedMailbox, { knownUids: uids, match }: QresyncParameters): readonly UidRange[] {
  const all = ranges(uids ?? [{ first: 1, last: Math.max(mailbox.highestUid, 1) }])
  if (match === undefined) return all
  const proven = lastMatch(mailbox, match)
  return proven === 0 ? all : difference(all, ranges([{ first: 1, last: proven }]))
}

/** The highest UID up to which numbers and UIDs of the client agree with ours: nothing vanished up to there. */
function lastMatch(mailbox: SelectedMailbox, { numbers, uids }: NonNullable<QresyncParameters['match']>): number {
  const [a, b] = [each(numbers), each(uids)]
  let proven = 0
  for (;;) {
    const [number, uid] = [a.next().value, b.next().value]
    if (number === undefined || uid === undefined || mailbox.uidOf(number) !== uid) return proven
    proven = uid
  }
}

function* each(set: readonly SequenceRange[]): Generator<number, undefined> {
  for (const { first, last } of resolveSet(set, 0)) for (let n = first; n <= last; n++) yield n
  return undefined
}

/** Of the UIDs asked for, those that have gone since; all that are not there when tombstones do not reach back. */
export function vanished(
  { server, mailbox }: SessionIn<'selected'>,
  since: ModSeq,
  asked: readonly UidRange[],
): readonly UidRange[] {
  const gone = server.store.read((view) => view.vanishedSince(mailbox.id, since))
  if (gone !== undefined) return intersection(gone, asked)
  const everUsed = ranges([{ first: 1, last: Math.max(mailbox.highestUid, 1) }])
  return difference(intersection(asked, everUsed), mailbox.uids)
}

async function* changed(
  { server, client, mailbox, user }: SessionIn<'selected'>,
  since: ModSeq,
  wanted: readonly UidRange[],
): Answers {
  let told = 0
  for (let more = true; more; ) {
    const pieces = new Pieces()
    const rest = intersection(wanted, ranges([{ first: told + 1, last: 0xffffffff }]))
    more = server.store.read((view) => {
      const entry = view.mailbox(mailbox.id)
      if (entry === undefined) return false
      const flags = new FlagView(view, entry, user)
      let count = 0
      let at = 0
      for (const record of view.changedSince(mailbox.id, since, user.user)) {
        if (record.uid <= told) continue
        while ((rest[at]?.last ?? Number.POSITIVE_INFINITY) < record.uid) at++
        const range = rest[at]
        if (range === undefined) return false
        if (record.uid < range.first) continue
        if (count++ >= SLICE) return true
        told = record.uid
        const text = flags.write(record, mailbox.isRecent(record.uid))
        const modSeq = view.modSeqFor(mailbox.id, record, user.user)
        pieces.text(
          `* ${mailbox.numberOf(record.uid)} FETCH (UID ${record.uid} FLAGS (${text}) MODSEQ (${modSeq}))\r\n`,
        )
      }
      return false
    })
    yield* pieces.take()
    await client.turn.share()
  }
}

function ranges(set: readonly SequenceRange[]): UidRange[] {
  return resolveSet(set, 0xffffffff).map(({ first, last }) => ({ first: first as Uid, last: last as Uid }))
}
