/** STORE and UID STORE. RFC 9051 §6.4.6; UNCHANGEDSINCE RFC 7162 §3.1.3 */
import type { ModSeq, UidRange } from '../../../store/types.js'
import { intersection } from '../../../store/uid-ranges.js'
import { readStoreFlags, type StoreFlags } from '../../../syntax/imap/flag.js'
import type { Reader } from '../../../syntax/imap/reader.js'
import { readStoreModifiers } from '../../../syntax/imap/select-param.js'
import { readSequenceSet, type SequenceSet, writeNumbers, writeSequenceSet } from '../../../syntax/imap/sequence-set.js'
import { type Answers, type Completion, No } from '../answers.js'
import { type Command, command } from '../command.js'
import { tellFlagsOf } from '../flag-answers.js'
import { tellKeywords } from '../news.js'
import type { SessionIn } from '../session-context.js'

interface StoreArguments extends StoreFlags {
  readonly set: SequenceSet
  readonly unchangedSince: bigint | undefined
}

export const store = define('STORE', 'number')
export const uidStore = define('UID STORE', 'uid')

function define(name: string, by: 'number' | 'uid'): Command {
  return command({
    name,
    state: 'selected',
    news: by === 'uid' ? 'all' : 'noExpunge',
    args: readArguments,
    run: (session, args) => run(session, args, by),
  })
}

function readArguments(input: Reader): StoreArguments {
  input.space()
  const set = readSequenceSet(input)
  input.space()
  const unchangedSince = readStoreModifiers(input)
  return { set, unchangedSince, ...readStoreFlags(input) }
}

async function* run(session: SessionIn<'selected'>, args: StoreArguments, by: 'number' | 'uid'): Answers {
  const { server, client, user, mailbox } = session
  if (mailbox.readOnly) throw new No('Mailbox is read-only', 'READ-ONLY')
  const uids = mailbox.resolve(args.set, by)
  if (args.unchangedSince !== undefined) client.enabled.add('CONDSTORE')
  if (uids.length === 0) return
  const done = await server.store.change({
    kind: 'setFlags',
    as: user,
    mailbox: mailbox.id,
    uids,
    how: args.mode,
    flags: args.flags,
    ...(args.unchangedSince === undefined ? {} : { unchangedSince: asModSeq(args.unchangedSince) }),
  })
  yield* tellKeywords(session)
  // What this client did itself it is told here, or not at all, unless others changed something in between.
  const alone = done.modSeq === mailbox.modSeq + 1
  if (!args.silent) yield* tellFlagsOf(session, uids, { withUid: by === 'uid' })
  else if (client.enabled.has('CONDSTORE'))
    yield* tellFlagsOf(session, done.changed, { withUid: by === 'uid', modSeqOnly: true })
  if (alone) mailbox.modSeq = done.modSeq
  return completion(session, uids, done.modified, by)
}

/** RFC 7162 §3.1.3: MODIFIED lists what UNCHANGEDSINCE protected, by number or by UID as the command did. */
function completion(
  { mailbox }: SessionIn<'selected'>,
  uids: readonly UidRange[],
  modified: readonly UidRange[],
  by: 'number' | 'uid',
): Completion {
  const kept = intersection(modified, uids)
  if (kept.length === 0) return {}
  const set = by === 'uid' ? writeSequenceSet(kept) : writeNumbers(numbers(mailbox, kept))
  return { code: `MODIFIED ${set}`, text: 'Conditional STORE failed' }
}

function* numbers(mailbox: SessionIn<'selected'>['mailbox'], uids: readonly UidRange[]): Generator<number> {
  for (const { first, last } of uids) for (let uid: number = first; uid <= last; uid++) yield mailbox.numberOf(uid)
}

function asModSeq(value: bigint): ModSeq {
  return Number(value) as ModSeq
}
