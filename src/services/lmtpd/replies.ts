// The words of lmtpd: fixed replies as Cyrus says them, and what each refusal of the store is called.

import type { StoreErrorKind } from '../../store/errors.js'
import { type Reply, reply } from '../../syntax/lmtp/reply.js'

export const ok = reply(250, '2.0.0', 'ok')
export const senderOk = reply(250, '2.1.0', 'ok')
export const recipientOk = reply(250, '2.1.5', 'ok')
export const goAhead = reply(354, undefined, 'go ahead')
export const bye = reply(221, '2.0.0', 'bye')
export const authenticationRequired = reply(530, '5.7.0', 'Authentication required')
export const nestedMail = reply(503, '5.5.1', 'Nested MAIL command')
export const needMail = reply(503, '5.5.1', 'Need MAIL command')
export const noRecipients = reply(503, '5.5.1', 'No recipients')
export const needLhlo = reply(503, '5.5.1', 'Need LHLO command')
export const tooManyRecipients = reply(452, '4.5.3', 'Too many recipients')
export const shuttingDown = reply(421, '4.3.2', 'Server is shutting down, try again')
export const idleTooLong = reply(421, '4.4.2', 'Idle for too long')
export const serverFault = reply(451, '4.3.0', 'System error, the log says more')
export const tooBig = reply(552, '5.3.4', 'Message is larger than the server takes')
export const eightBitHeader = reply(554, '5.6.0', 'Message contains non-ASCII characters in headers')

export const unknownUser: Reply = {
  code: 550,
  enhanced: '5.1.1',
  lines: [
    'Mailbox unknown.  Either there is no mailbox associated with this',
    'name or you do not have authorization to see it.',
    'User unknown',
  ],
}
export const notPermitted: Reply = {
  code: 550,
  enhanced: '5.7.1',
  lines: [
    'You do not have permission to post a message to this mailbox.',
    'Please contact the owner of this mailbox in order to submit',
    'your message, or postmaster if you believe you',
    'received this message in error.',
    'Permission denied',
  ],
}

/** Over quota: temporary, unless imapd.conf wants it final. */
export function overQuota({ lmtp_over_quota_perm_failure }: { lmtp_over_quota_perm_failure: boolean }): Reply {
  return lmtp_over_quota_perm_failure ? reply(552, '5.2.2', 'Over quota') : reply(452, '4.2.2', 'Over quota')
}

/** What became of a message is for ever known by the session's id. */
export function delivered(session: string): Reply {
  return reply(250, '2.1.5', `Success SESSIONID=<${session}>`)
}

/**
 * Refusals of the store, after DATA. Whatever the next attempt may find better is temporary, also a mailbox that went
 * between RCPT and DATA: the next RCPT will say so for good.
 */
const storeReplies: Record<StoreErrorKind, Reply> = {
  noSuchMailbox: reply(451, '4.2.0', 'The mailbox is no longer there'),
  mailboxExists: serverFault,
  badMailboxName: serverFault,
  notPermitted,
  overQuota: reply(452, '4.2.2', 'Over quota'),
  noSuchQuotaRoot: serverFault,
  noSuchPartition: serverFault,
  hasChildren: serverFault,
  tooManyKeywords: serverFault,
  badAcl: serverFault,
  messageGone: serverFault,
  inUse: reply(451, '4.2.0', 'The mailbox is being moved, try again'),
  tooBig,
  diskFull: reply(452, '4.3.1', 'Insufficient system storage'),
  damaged: reply(451, '4.3.0', 'The mailbox is damaged'),
  unavailable: reply(451, '4.3.0', 'The store is unavailable, try again'),
}

export function storeReply(kind: StoreErrorKind, options: { lmtp_over_quota_perm_failure: boolean }): Reply {
  return kind === 'overQuota' ? overQuota(options) : storeReplies[kind]
}
