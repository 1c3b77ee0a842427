// LHLO: greets, and tells the extensions. RFC 2033 §4.1
import type { Command } from '../../../syntax/lmtp/command.js'
import type { Reply } from '../../../syntax/lmtp/reply.js'
import type { LmtpSession } from '../session-context.js'

export function lhlo(session: LmtpSession, { name }: Command & { kind: 'LHLO' }): Reply {
  session.client = name
  session.transaction?.chunks?.discard()
  session.transaction = undefined
  return { code: 250, lines: [session.peer.serverName, ...extensions(session), `Ok SESSIONID=<${session.peer.id}>`] }
}

function extensions({ server, peer, local }: LmtpSession): string[] {
  const limit = server.options.maxmessagesize
  const mechanisms = peer.identity ? [] : local ? ['EXTERNAL'] : peer.mechanisms
  return [
    '8BITMIME', // RFC 6152
    'ENHANCEDSTATUSCODES', // RFC 2034
    'PIPELINING', // RFC 2920
    'CHUNKING', // RFC 3030
    'BINARYMIME', // RFC 3030
    'SMTPUTF8', // RFC 6531
    limit > 0 ? `SIZE ${limit}` : 'SIZE', // RFC 1870
    ...(peer.canStartTls && !local ? ['STARTTLS'] : []), // RFC 3207
    ...(mechanisms.length > 0 ? [`AUTH ${mechanisms.join(' ')}`] : []), // RFC 4954
    'IGNOREQUOTA',
  ]
}
