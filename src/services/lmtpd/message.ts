// A message from its first octet to the replies for its recipients; what DATA and BDAT share.
import { deliver } from '../../delivery/deliver.js'
import { type Objection, Reception } from '../../delivery/incoming.js'
import { StoreError } from '../../store/errors.js'
import type { Reply } from '../../syntax/lmtp/reply.js'
import { prefaceOf } from './preface.js'
import { delivered, eightBitHeader, serverFault, storeReply, tooBig } from './replies.js'
import type { LmtpSession, Transaction } from './session-context.js'

/** Begins to take a message; a reply instead when it cannot be taken now. */
export function begin(session: LmtpSession, { mail, recipients }: Transaction): Reception | Reply {
  const { server } = session
  const preface = prefaceOf(session, mail)
  try {
    const stage = server.store.stage(recipients[0]?.partition ?? '')
    return new Reception(stage, { preface, options: server.options })
  } catch (error) {
    return fault(session, error)
  }
}

const objections: Record<Objection, Reply> = { tooBig, eightBitHeader }

/** Delivers a whole message: one reply for each accepted recipient, in their order. RFC 2033 §4.2 */
export async function conclude(
  session: LmtpSession,
  { transaction, reception }: { transaction: Transaction; reception: Reception },
): Promise<Reply[]> {
  const { server, peer } = session
  const { recipients, mail } = transaction
  if (reception.objection !== undefined) return recipients.map(() => objections[reception.objection ?? 'tooBig'])
  try {
    const message = await reception.finish(mail.returnPath)
    const results = await deliver({ ...server, log: peer.log, session: peer.id }, message, recipients)
    const done = delivered(peer.id)
    return results.map((result) => (result.kind === 'delivered' ? done : storeReply(result.error, server.options)))
  } catch (error) {
    reception.discard()
    const reply = fault(session, error)
    return recipients.map(() => reply)
  }
}

/** What went wrong, for the log and for the client. Never final: nothing was stored. */
function fault({ server, peer }: LmtpSession, error: unknown): Reply {
  if (error instanceof StoreError) {
    peer.log.event('warning', { text: `delivery: ${error.message}` })
    return storeReply(error.kind, server.options)
  }
  peer.log.event('bug', { doing: 'delivery', error })
  return serverFault
}
