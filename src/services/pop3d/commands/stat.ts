/** STAT: how many messages, how many octets. RFC 1939 §5 */
import { readWords } from '../../../syntax/pop3/command.js'
import { ok } from '../../../syntax/pop3/reply.js'
import { countOf } from '../maildrop.js'
import { answer, dropOf, type Pop3Command } from '../state.js'

export const stat: Pop3Command = {
  keyword: 'STAT',
  states: ['transaction'],
  run(session, rest) {
    readWords(rest, { least: 0, most: 0 })
    const { messages, octets } = countOf(dropOf(session))
    return answer(ok(`${messages} ${octets}`))
  },
}
