/** SELECT and EXAMINE. RFC 9051 §6.3.2, §6.3.3; CONDSTORE and QRESYNC RFC 7162 §3.1.8, §3.2.5 */
import type { Mailbox } from '../../../store/types.js'
import type { View } from '../../../store/view.js'
import { Bad } from '../../../syntax/imap/bad.js'
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import type { Reader } from '../../../syntax/imap/reader.js'
import { readSelectParameters, type SelectParameters } from '../../../syntax/imap/select-param.js'
import type { Answers } from '../answers.js'
import { command } from '../command.js'
import { firstUnseen } from '../flags.js'
import { mailboxWith, wireName } from '../names.js'
import { flagsLine, markRecent, permanentFlagsLine } from '../news.js'
import { resynchronize } from '../resynchronize.js'
import { SelectedMailbox } from '../selected.js'
import type { ImapClient, SessionIn } from '../session-context.js'

interface SelectArguments {
  readonly name: string
  readonly parameters: SelectParameters
}

export const select = command({
  name: 'SELECT',
  state: 'authenticated',
  news: 'none',
  args: readArguments,
  run: (session, args) => run(session, args, false),
})

export const examine = command({
  name: 'EXAMINE',
  state: 'authenticated',
  news: 'none',
  args: readArguments,
  run: (session, args) => run(session, args, true),
})

function readArguments(input: Reader, client: ImapClient): SelectArguments {
  input.space()
  const name = readMailbox(input, client.nameForm)
  return { name, parameters: readSelectParameters(input) }
}

async function* run(
  session: SessionIn<'authenticated'>,
  { name, parameters }: SelectArguments,
  examining: boolean,
): Answers {
  const { server, client, user } = session
  if (parameters.qresync !== undefined && !client.enabled.has('QRESYNC')) throw new Bad('QRESYNC not enabled')
  // Whatever comes of it, the mailbox selected before is left. RFC 9051 §6.3.2
  if (session.mailbox !== undefined) {
    client.unselected()
    yield '* OK [CLOSED] Ok'
  }
  const found = server.store.read((view) => open(view, session, name, examining))
  if (parameters.condstore) client.enabled.add('CONDSTORE')
  const mailbox = new SelectedMailbox(found)
  client.selected(mailbox)
  yield* describe(session, mailbox, found)
  markRecent({ ...session, mailbox }, found.mailbox)
  if (parameters.qresync !== undefined) yield* resynchronize({ ...session, user, mailbox }, parameters.qresync)
  return { code: mailbox.readOnly ? 'READ-ONLY' : 'READ-WRITE' }
}

function open(view: View, session: SessionIn<'authenticated'>, name: string, examining: boolean) {
  const mailbox = mailboxWith(view, session, name, 'r')
  const rights = view.rights(mailbox, session.user)
  return {
    mailbox,
    rights,
    uids: view.uids(mailbox.id),
    unseen: firstUnseen(view, mailbox, session.user),
    // RFC 4314 §5.2: without any right to change something the mailbox is read-only.
    readOnly: examining || !/[iswte]/.test(rights),
  }
}

async function* describe(
  session: SessionIn<'authenticated'>,
  selected: SelectedMailbox,
  { mailbox, rights, unseen }: { readonly mailbox: Mailbox; readonly rights: string; readonly unseen: number },
): Answers {
  const rev2 = session.client.enabled.has('IMAP4REV2')
  yield `* ${selected.exists} EXISTS`
  if (!rev2) yield `* ${selected.recent} RECENT`
  yield flagsLine(mailbox)
  yield permanentFlagsLine(mailbox, rights, selected.readOnly)
  if (unseen > 0 && !rev2) yield `* OK [UNSEEN ${selected.numberOf(unseen)}] Ok`
  yield `* OK [UIDVALIDITY ${mailbox.uidValidity}] Ok`
  yield `* OK [UIDNEXT ${mailbox.uidNext}] Ok`
  yield `* OK [HIGHESTMODSEQ ${mailbox.highestModSeq}] Ok`
  yield `* OK [MAILBOXID (${mailbox.uniqueId})] Ok`
  if (rev2) yield `* LIST () "${session.server.names.separator}" ${wireName(session, mailbox.name)}`
}
