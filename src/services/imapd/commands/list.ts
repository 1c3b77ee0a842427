/** LIST, with LIST-EXTENDED, LIST-STATUS, LIST-MYRIGHTS and SPECIAL-USE. RFC 9051 §6.3.9, RFC 5258, 5819, 6154, 8440 */
import { maxPatternLength } from '../../../store/list-pattern.js'
import type { View } from '../../../store/view.js'
import { type ListArguments, readList, writeDelimiter } from '../../../syntax/imap/list.js'
import { encodeModifiedUtf7 } from '../../../syntax/imap/modified-utf7.js'
import { type Answers, Pieces } from '../answers.js'
import { command } from '../command.js'
import { listMatches, type Match } from '../list-matches.js'
import { externalWire } from '../names.js'
import type { SessionIn } from '../session-context.js'
import { statusItems } from '../status-items.js'

export const list = command({
  name: 'LIST',
  state: 'authenticated',
  args: (input, client) => readList(input, client.nameForm),
  run,
})

async function* run(session: SessionIn<'authenticated'>, args: ListArguments): Answers {
  const { server, client } = session
  const delimiter = writeDelimiter(server.names.separator)
  // The delimiter is asked for, not a mailbox. RFC 9051 §6.3.9
  if (!args.extended && args.patterns[0] === '') {
    yield `* LIST (\\Noselect) ${delimiter} ""`
    return
  }
  const patterns = args.patterns
    .map((pattern) => encodeModifiedUtf7(args.reference + pattern))
    .filter((pattern) => pattern.length <= maxPatternLength)
  const matches = server.store.read((view) => listMatches(view, session, { ...args, patterns }))
  const pieces = new Pieces()
  for (const match of matches) {
    const name = externalWire(match.external, client.nameForm)
    pieces.text(`* LIST (${attributes(match, args).join(' ')}) ${delimiter} ${name}${childInfo(match)}\r\n`)
    const more = server.store.read((view) => further(view, session, match, args))
    for (const line of more) pieces.text(`${line}\r\n`)
    if (pieces.full) yield* pieces.take()
    await client.turn.share()
  }
  yield* pieces.take()
}

function attributes(match: Match, { returns, selection, extended }: ListArguments): string[] {
  const words: string[] = []
  if (!match.exists) words.push(extended ? '\\NonExistent' : '\\Noselect')
  if (match.subscribed && (selection.subscribed || returns?.subscribed === true)) words.push('\\Subscribed')
  // Told always, as Cyrus does: no client minds, and many count on it. RFC 3348 §3
  words.push(match.hasChildren ? '\\HasChildren' : '\\HasNoChildren')
  words.push(...match.specialUse)
  return words
}

/** RFC 5258 §4: why a name that was not selected itself is told. */
function childInfo({ childInfo: why }: Match): string {
  return why.length === 0 ? '' : ` ("CHILDINFO" (${why.map((word) => `"${word}"`).join(' ')}))`
}

/** STATUS and MYRIGHTS of the mailbox, where asked for and allowed. RFC 5819 §2, RFC 8440 §3 */
function further(
  view: View,
  session: SessionIn<'authenticated'>,
  { external, entry }: Match,
  { returns }: ListArguments,
): string[] {
  if (returns === undefined || entry === undefined) return []
  const mailbox = view.mailbox(entry.id)
  if (mailbox === undefined) return []
  const name = externalWire(external, session.client.nameForm)
  const rights = view.rights(mailbox, session.user)
  const lines: string[] = []
  if (returns.myRights) lines.push(`* MYRIGHTS ${name} ${rights}`)
  if (returns.status.length > 0 && rights.includes('r')) {
    lines.push(`* STATUS ${name} (${statusItems(view, session, mailbox, returns.status)})`)
  }
  return lines
}
