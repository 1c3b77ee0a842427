// VRFY: tells nothing; RCPT does. RFC 5321 §3.5.3
import { type Reply, reply } from '../../../syntax/lmtp/reply.js'

const tryRcpt = reply(252, '2.3.3', 'try RCPT to attempt delivery')

export function vrfy(): Reply {
  return tryRcpt
}
