/** TOP: the header and so many lines of the body. RFC 1939 §7 */
import { readNumber, readWords } from '../../../syntax/pop3/command.js'
import { dotStuffed, topOf } from '../../../syntax/pop3/dot-stuffing.js'
import { err, ok } from '../../../syntax/pop3/reply.js'
import { indexOf } from '../maildrop.js'
import { messageAt } from '../message.js'
import { answer, dropOf, type Pop3Command } from '../state.js'

export const top: Pop3Command = {
  keyword: 'TOP',
  states: ['transaction'],
  run(session, rest) {
    const [number = 0, lines = 0] = readWords(rest, { least: 2, most: 2 }).map(readNumber)
    const index = indexOf(dropOf(session), number)
    if (index === undefined) return answer(err('No such message'))
    const bytes = messageAt(session, index)
    return answer(bytes ? ok('Message follows', dotStuffed(topOf(bytes, lines))) : err('Message has been removed'))
  },
}
