/** UTF8: the client takes UTF-8 in headers. RFC 6856 §2.1 */
import { readWords } from '../../../syntax/pop3/command.js'
import { ok } from '../../../syntax/pop3/reply.js'
import { answer, type Pop3Command } from '../state.js'

export const utf8: Pop3Command = {
  keyword: 'UTF8',
  states: ['authorization'],
  run(session, rest) {
    readWords(rest, { least: 0, most: 0 })
    session.utf8 = true
    return answer(ok('UTF8 enabled'))
  },
}
