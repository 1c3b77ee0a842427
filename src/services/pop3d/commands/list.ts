/** LIST: the size of one message or of all. RFC 1939 §5 */
import { readNumber, readWords } from '../../../syntax/pop3/command.js'
import { err, linesBody, ok } from '../../../syntax/pop3/reply.js'
import { type Drop, indexOf, numbersOf } from '../maildrop.js'
import { answer, dropOf, type Pop3Command } from '../state.js'

export const list: Pop3Command = {
  keyword: 'LIST',
  states: ['transaction'],
  run(session, rest) {
    const [number] = readWords(rest, { least: 0, most: 1 }).map(readNumber)
    const drop = dropOf(session)
    if (number === undefined) return answer(ok('scan listing follows', linesBody(listing(drop))))
    const index = indexOf(drop, number)
    return answer(index === undefined ? err('No such message') : ok(`${number} ${drop.sizes[index]}`))
  },
}

function* listing(drop: Drop): Generator<string> {
  for (const number of numbersOf(drop)) yield `${number} ${drop.sizes[number - 1]}`
}
