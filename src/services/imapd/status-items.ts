/** The values of STATUS items: for STATUS and for LIST … RETURN (STATUS …). RFC 9051 §6.3.11 */
import type { Mailbox, Uid } from '../../store/types.js'
import { countUids, intersection } from '../../store/uid-ranges.js'
import type { View } from '../../store/view.js'
import type { StatusAtt } from '../../syntax/imap/status-att.js'
import { unseenCount } from './flags.js'
import type { SessionIn } from './session-context.js'

type Value = (mailbox: Mailbox, about: { readonly view: View; readonly session: SessionIn<'authenticated'> }) => string

const values: Record<StatusAtt, Value> = {
  MESSAGES: ({ exists }) => String(exists),
  RECENT: (mailbox, { view }) => String(recentCount(view, mailbox)),
  UIDNEXT: ({ uidNext }) => String(uidNext),
  UIDVALIDITY: ({ uidValidity }) => String(uidValidity),
  UNSEEN: (mailbox, { view, session }) => String(unseenCount(view, mailbox, session.user)),
  HIGHESTMODSEQ: ({ highestModSeq }) => String(highestModSeq),
  SIZE: ({ octets }) => String(octets),
  MAILBOXID: ({ uniqueId }) => `(${uniqueId})`,
  APPENDLIMIT: (_, { session }) => {
    const { maxMessageSize } = session.server.settings
    return maxMessageSize > 0 ? String(maxMessageSize) : 'NIL'
  },
  DELETED: ({ deleted }) => String(deleted),
  'DELETED-STORAGE': (mailbox, { view }) => String(deletedOctets(view, mailbox)),
}

/** status-att-list, without parentheses. */
export function statusItems(
  view: View,
  session: SessionIn<'authenticated'>,
  mailbox: Mailbox,
  atts: readonly StatusAtt[],
): string {
  return atts.map((att) => `${att} ${values[att](mailbox, { view, session })}`).join(' ')
}

function recentCount(view: View, { id, recentUid, uidNext }: Mailbox): number {
  if (recentUid >= uidNext - 1) return 0
  return countUids(intersection(view.uids(id), [{ first: (recentUid + 1) as Uid, last: (uidNext - 1) as Uid }]))
}

/** Octets of the messages that EXPUNGE would remove. RFC 9208 §4.1.4 */
function deletedOctets(view: View, mailbox: Mailbox): number {
  if (mailbox.deleted === 0) return 0
  let octets = 0
  for (const record of view.messages(mailbox.id, view.uids(mailbox.id)))
    if ((record.flags & 8) !== 0) octets += record.size
  return octets
}
