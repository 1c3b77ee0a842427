// RCPT: one recipient more, if there is such a mailbox, it may be posted to and it has room. RFC 5321 §4.1.1.3
import { anonymous, type Resolution, resolveRecipient } from '../../../delivery/recipient.js'
import type { Actor } from '../../../store/types.js'
import type { RcptCommand } from '../../../syntax/lmtp/command.js'
import type { Reply } from '../../../syntax/lmtp/reply.js'
import { needMail, notPermitted, overQuota, recipientOk, tooManyRecipients, unknownUser } from '../replies.js'
import type { LmtpSession, Transaction } from '../session-context.js'

/** Recipients of one transaction; RFC 5321 §4.5.3.1.8 wants 100 at least. */
const maxRecipients = 10_000

export async function rcpt(session: LmtpSession, command: RcptCommand): Promise<Reply> {
  const { transaction, server } = session
  if (transaction === undefined) return needMail
  if (transaction.recipients.length >= maxRecipients) return tooManyRecipients
  const { mailbox, ignoreQuota } = command
  if (mailbox === undefined) return unknownUser
  const size = transaction.mail.size ?? 0
  const envelope = { mailbox, ignoreQuota, size, as: submitterOf(session, transaction) }
  const look = () => server.store.read((view) => resolveRecipient(view, envelope, server.options))
  let found = look()
  if (found.kind === 'unknown' && found.user !== undefined && found.inbox && (await server.autocreate(found.user)))
    found = look()
  return answer(found, { session, transaction })
}

/** Who posts: what the MTA says with AUTH=, since it may be believed; else whoever has signed in. RFC 4954 §5 */
function submitterOf({ peer }: LmtpSession, { mail }: Transaction): Actor {
  const { submitter } = mail
  if (submitter !== undefined && submitter !== '') return { kind: 'user', user: submitter, groups: [], admin: false }
  return peer.identity ? { ...peer.identity, admin: false } : anonymous
}

function answer(
  found: Resolution,
  { session, transaction }: { session: LmtpSession; transaction: Transaction },
): Reply {
  switch (found.kind) {
    case 'recipient':
      transaction.recipients.push(found.recipient)
      return recipientOk
    case 'unknown':
      return unknownUser
    case 'notPermitted':
      return notPermitted
    case 'overQuota':
      return overQuota(session.server.options)
  }
}
