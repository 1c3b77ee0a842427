// BDAT: a chunk of the message by its length; with LAST one reply for each recipient. RFC 3030 §2
import { Reception } from '../../../delivery/incoming.js'
import type { Command } from '../../../syntax/lmtp/command.js'
import { type Reply, reply } from '../../../syntax/lmtp/reply.js'
import { begin, conclude } from '../message.js'
import { needMail, noRecipients } from '../replies.js'
import type { Answer, LmtpSession, Transaction } from '../session-context.js'

export async function bdat(session: LmtpSession, { size, last }: Command & { kind: 'BDAT' }): Promise<Answer> {
  const { transaction, wire } = session
  const reception = transaction && open(session, transaction)
  // The octets come in any case: a client may send them without waiting.
  const whole = await wire.octets(size, (bytes) =>
    reception instanceof Reception ? reception.write(bytes) : undefined,
  )
  if (!whole) return []
  if (transaction === undefined) return needMail
  if (!(reception instanceof Reception)) {
    if (last) session.transaction = undefined
    return reception ?? noRecipients
  }
  if (!last) return reply(250, '2.0.0', `${size} octets received`)
  session.transaction = undefined
  return conclude(session, { transaction, reception })
}

/** The reception of this transaction, begun with its first chunk; a reply when chunks are refused. */
function open(session: LmtpSession, transaction: Transaction): Reception | Reply {
  if (transaction.recipients.length === 0) return noRecipients
  if (transaction.refusal !== undefined) return transaction.refusal
  const reception = transaction.chunks ?? begin(session, transaction)
  if (reception instanceof Reception) transaction.chunks = reception
  else transaction.refusal = reception
  return reception
}
