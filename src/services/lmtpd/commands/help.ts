// HELP: the commands there are. RFC 5321 §4.1.1.8
import { type Reply, reply } from '../../../syntax/lmtp/reply.js'

const commands = reply(214, '2.0.0', 'LHLO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP AUTH STARTTLS QUIT')

export function help(): Reply {
  return commands
}
