// AUTH: an MTA signs in. Only administrators may bring mail. RFC 4954 §4
import { longestMessage } from '../../../auth/sasl.js'
import type { Command } from '../../../syntax/lmtp/command.js'
import { type Reply, reply } from '../../../syntax/lmtp/reply.js'
import type { SaslWire } from '../../worker/sasl-dialogue.js'
import type { LmtpSession, Wire } from '../session-context.js'

const notNow = reply(503, '5.5.0', 'AUTH not permitted now')
const unknown = reply(504, '5.5.4', 'Unrecognized authentication type.')
const cancelled = reply(501, '5.7.0', 'client canceled authentication')
const malformed = reply(501, '5.5.2', 'cannot decode the response')
const notAdmin = reply(535, '5.7.8', 'only administrators may deliver mail: see lmtp_admins')
const done = reply(235, '2.7.0', 'Authenticated!')

export async function auth(session: LmtpSession, command: Command & { kind: 'AUTH' }): Promise<Reply> {
  const { peer, wire } = session
  if (peer.identity !== undefined || session.transaction !== undefined) return notNow
  // On a UNIX socket the file's permissions have let the client in.
  if (session.local) return command.mechanism === 'EXTERNAL' ? done : notNow
  const { mechanism, initial } = command
  const outcome = await peer.authenticate({ mechanism, initial, wire: saslWire(wire) })
  switch (outcome.kind) {
    case 'signedIn':
      session.trusted ||= outcome.identity.admin
      if (session.trusted) return done
      peer.forget()
      return notAdmin
    case 'refused':
      return outcome.temporary ? reply(454, '4.7.0', outcome.text) : reply(535, '5.7.8', outcome.text)
    case 'cancelled':
      return cancelled
    case 'malformed':
      return malformed
    case 'noMechanism':
      return unknown
  }
}

function saslWire(wire: Wire): SaslWire {
  return {
    challenge: (base64) => wire.send(reply(334, undefined, base64)),
    response: async () => (await wire.line(longestMessage * 2))?.toString('latin1'),
    dataWithSuccess: false,
  }
}
