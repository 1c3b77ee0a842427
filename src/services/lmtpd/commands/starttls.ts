// STARTTLS: what was said before does not count afterwards. RFC 3207 §4.2
import { reply } from '../../../syntax/lmtp/reply.js'
import type { Answer, LmtpSession } from '../session-context.js'

const begin = reply(220, '2.0.0', 'Begin TLS negotiation now')
const unavailable = reply(502, '5.5.1', 'STARTTLS is not available')

export async function starttls(session: LmtpSession): Promise<Answer> {
  if (!session.peer.canStartTls || session.local) return unavailable
  session.wire.send(begin)
  await session.peer.startTls()
  session.transaction?.chunks?.discard()
  session.transaction = undefined
  session.client = undefined
  return []
}
