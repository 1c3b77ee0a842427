// MAIL: a transaction begins. RFC 5321 §4.1.1.2
import { badParameters } from '../../../syntax/lmtp/bad.js'
import type { MailCommand } from '../../../syntax/lmtp/command.js'
import type { Reply } from '../../../syntax/lmtp/reply.js'
import { authenticationRequired, needLhlo, nestedMail, senderOk, tooBig } from '../replies.js'
import type { LmtpSession } from '../session-context.js'

export function mail(session: LmtpSession, command: MailCommand): Reply {
  if (!session.trusted) return authenticationRequired
  if (session.client === undefined) return needLhlo
  if (session.transaction !== undefined) return nestedMail
  const { maxmessagesize, lmtp_strict_rfc2821 } = session.server.options
  if (maxmessagesize > 0 && (command.size ?? 0) > maxmessagesize) return tooBig
  // Without SMTPUTF8 an address is ASCII. RFC 6531 §3.3
  if (lmtp_strict_rfc2821 && !command.utf8 && !isAscii(command.returnPath)) throw badParameters()
  session.transaction = { mail: command, recipients: [], chunks: undefined, refusal: undefined }
  return senderOk
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false
  return true
}
