/** COPY and MOVE, by number and by UID. RFC 9051 §6.4.7, §6.4.8; COPYUID RFC 4315 §3 */
import type { UidRange } from '../../../store/types.js'
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import type { Reader } from '../../../syntax/imap/reader.js'
import { readSequenceSet, type SequenceSet, writeSequenceSet } from '../../../syntax/imap/sequence-set.js'
import { type Answers, No } from '../answers.js'
import { type Command, command } from '../command.js'
import { targetWith } from '../names.js'
import { news } from '../news.js'
import type { ImapClient, SessionIn } from '../session-context.js'

interface CopyArguments {
  readonly set: SequenceSet
  readonly target: string
}

interface Way {
  readonly by: 'number' | 'uid'
  readonly move: boolean
}

export const copy = define('COPY', { by: 'number', move: false })
export const uidCopy = define('UID COPY', { by: 'uid', move: false })
export const move = define('MOVE', { by: 'number', move: true })
export const uidMove = define('UID MOVE', { by: 'uid', move: true })

function define(name: string, way: Way): Command {
  return command({ name, state: 'selected', args: readArguments, run: (session, args) => run(session, args, way) })
}

function readArguments(input: Reader, client: ImapClient): CopyArguments {
  input.space()
  const set = readSequenceSet(input)
  input.space()
  return { set, target: readMailbox(input, client.nameForm) }
}

async function* run(session: SessionIn<'selected'>, { set, target }: CopyArguments, { by, move }: Way): Answers {
  const { server, user, mailbox } = session
  if (move && mailbox.readOnly) throw new No('Mailbox is read-only', 'READ-ONLY')
  const uids = mailbox.resolve(set, by)
  const to = server.store.read((view) => targetWith(view, session, target, 'i'))
  if (uids.length === 0) {
    if (by === 'number') throw new No('No matching messages')
    return
  }
  const done = await server.store.change({ kind: 'copy', as: user, from: mailbox.id, uids, to: to.id, move })
  const code = copyUid(done.uidValidity, done.from, done.to)
  if (!move) return code === undefined ? {} : { code }
  // MOVE tells COPYUID before the EXPUNGEs, in an untagged OK. RFC 6851 §4.3
  if (code !== undefined) yield `* OK [${code}] Completed`
  yield* news(session, 'all')
}

function copyUid(uidValidity: number, from: readonly UidRange[], to: readonly UidRange[]): string | undefined {
  if (from.length === 0) return undefined
  return `COPYUID ${uidValidity} ${writeSequenceSet(from)} ${writeSequenceSet(to)}`
}
