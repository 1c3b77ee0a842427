// The commands of LMTP. RFC 2033 §4, RFC 5321 §4.1.1
import type { Command } from '../../syntax/lmtp/command.js'
import { auth } from './commands/auth.js'
import { bdat } from './commands/bdat.js'
import { data } from './commands/data.js'
import { help } from './commands/help.js'
import { lhlo } from './commands/lhlo.js'
import { mail } from './commands/mail.js'
import { quit } from './commands/quit.js'
import { rcpt } from './commands/rcpt.js'
import { rset } from './commands/rset.js'
import { starttls } from './commands/starttls.js'
import { vrfy } from './commands/vrfy.js'
import { ok } from './replies.js'
import type { Answer, LmtpSession } from './session-context.js'

/** Does what the command says, and answers. @throws Bad, ConnectionError */
export function run(session: LmtpSession, command: Command): Answer | Promise<Answer> {
  switch (command.kind) {
    case 'LHLO':
      return lhlo(session, command)
    case 'MAIL':
      return mail(session, command)
    case 'RCPT':
      return rcpt(session, command)
    case 'DATA':
      return data(session)
    case 'BDAT':
      return bdat(session, command)
    case 'RSET':
      return rset(session)
    case 'NOOP':
      return ok
    case 'VRFY':
      return vrfy()
    case 'HELP':
      return help()
    case 'QUIT':
      return quit(session)
    case 'STARTTLS':
      return starttls(session)
    case 'AUTH':
      return auth(session, command)
  }
}
