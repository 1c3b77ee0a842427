/** FETCH and UID FETCH. RFC 9051 §6.4.5; CHANGEDSINCE and VANISHED RFC 7162 §3.1.4, §3.2.6 */
import type { ModSeq } from '../../../store/types.js'
import { Bad } from '../../../syntax/imap/bad.js'
import { type FetchAtt, readFetchAtts } from '../../../syntax/imap/fetch-att.js'
import type { Reader } from '../../../syntax/imap/reader.js'
import { type FetchModifiers, readFetchModifiers } from '../../../syntax/imap/select-param.js'
import { readSequenceSet, type SequenceSet, writeSequenceSet } from '../../../syntax/imap/sequence-set.js'
import { type Answers, No } from '../answers.js'
import { type Command, command } from '../command.js'
import { planFetch } from '../fetch-items.js'
import { writeMessages } from '../fetch-messages.js'
import { vanished } from '../resynchronize.js'
import type { SessionIn } from '../session-context.js'

interface FetchArguments {
  readonly set: SequenceSet
  readonly atts: readonly FetchAtt[]
  readonly modifiers: FetchModifiers
}

export const fetch = define('FETCH', 'number')
export const uidFetch = define('UID FETCH', 'uid')

function define(name: string, by: 'number' | 'uid'): Command {
  return command({
    name,
    state: 'selected',
    news: by === 'uid' ? 'all' : 'noExpunge',
    args: readArguments,
    run: (session, args) => run(session, args, by),
  })
}

function readArguments(input: Reader): FetchArguments {
  input.space()
  const set = readSequenceSet(input)
  input.space()
  const atts = readFetchAtts(input)
  return { set, atts, modifiers: readFetchModifiers(input) }
}

async function* run(session: SessionIn<'selected'>, args: FetchArguments, by: 'number' | 'uid'): Answers {
  const { client, mailbox } = session
  const { changedSince, vanished: tellVanished } = args.modifiers
  if (tellVanished && (by !== 'uid' || !client.enabled.has('QRESYNC'))) throw new Bad('VANISHED needs QRESYNC and UID')
  if (changedSince !== undefined || args.atts.some(({ kind }) => kind === 'MODSEQ')) client.enabled.add('CONDSTORE')
  const uids = mailbox.resolve(args.set, by)
  const since = changedSince === undefined ? undefined : (Number(changedSince) as ModSeq)
  if (tellVanished && since !== undefined) {
    const gone = vanished(session, since, mailbox.span(args.set))
    if (gone.length > 0) yield `* VANISHED (EARLIER) ${writeSequenceSet(gone)}`
  }
  if (uids.length === 0 && by === 'number') throw new No('No matching messages')
  const plan = planFetch(args.atts, { uid: by === 'uid', modSeq: since !== undefined })
  const { missing } = yield* writeMessages(session, uids, { plan, changedSince: since })
  if (missing) return { code: 'EXPUNGEISSUED', text: 'Some messages are expunged already' }
}
