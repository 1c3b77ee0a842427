/** RSET: no message is marked deleted any more. RFC 1939 §5 */
import { readWords } from '../../../syntax/pop3/command.js'
import { ok } from '../../../syntax/pop3/reply.js'
import { answer, dropOf, type Pop3Command } from '../state.js'

export const rset: Pop3Command = {
  keyword: 'RSET',
  states: ['transaction'],
  run(session, rest) {
    readWords(rest, { least: 0, most: 0 })
    dropOf(session).deleted.fill(0)
    return answer(ok())
  },
}
