// RSET: forgets the transaction. RFC 5321 §4.1.1.5
import { type Reply, reply } from '../../../syntax/lmtp/reply.js'
import type { LmtpSession } from '../session-context.js'

export function rset(session: LmtpSession): Reply {
  session.transaction?.chunks?.discard()
  session.transaction = undefined
  return reply(250, '2.0.0', `Ok SESSIONID=<${session.peer.id}>`)
}
