// QUIT. RFC 5321 §4.1.1.10
import type { Reply } from '../../../syntax/lmtp/reply.js'
import { bye } from '../replies.js'
import type { LmtpSession } from '../session-context.js'

export function quit(session: LmtpSession): Reply {
  session.ended = true
  return bye
}
