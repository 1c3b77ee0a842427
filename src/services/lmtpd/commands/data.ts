// DATA: the message, and one reply for each recipient. RFC 2033 §4.2
import { Reception } from '../../../delivery/incoming.js'
import { reply } from '../../../syntax/lmtp/reply.js'
import { begin, conclude } from '../message.js'
import { goAhead, noRecipients } from '../replies.js'
import type { Answer, LmtpSession } from '../session-context.js'

const afterChunks = reply(503, '5.5.1', 'DATA cannot follow BDAT')
const needBdat = reply(503, '5.5.1', 'BODY=BINARYMIME needs BDAT')

export async function data(session: LmtpSession): Promise<Answer> {
  const { transaction, wire } = session
  if (transaction === undefined || transaction.recipients.length === 0) return noRecipients
  if (transaction.chunks !== undefined) return afterChunks // RFC 3030 §2
  if (transaction.mail.body === 'BINARYMIME') return needBdat // RFC 3030 §3
  const reception = begin(session, transaction)
  if (!(reception instanceof Reception)) return reception
  transaction.chunks = reception
  wire.send(goAhead)
  if (!(await wire.data((bytes) => reception.write(bytes)))) return []
  session.transaction = undefined
  return conclude(session, { transaction, reception })
}
