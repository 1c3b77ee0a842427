/** UIDL: the unique id of one message or of all. RFC 1939 §7 */
import { readNumber, readWords } from '../../../syntax/pop3/command.js'
import { err, linesBody, ok } from '../../../syntax/pop3/reply.js'
import { type Drop, indexOf, numbersOf } from '../maildrop.js'
import { answer, dropOf, type Pop3Command } from '../state.js'
import { type UidlFormat, uniqueId } from '../unique-id.js'

export const uidl: Pop3Command = {
  keyword: 'UIDL',
  states: ['transaction'],
  run(session, rest) {
    const [number] = readWords(rest, { least: 0, most: 1 }).map(readNumber)
    const drop = dropOf(session)
    const { uidlFormat } = session.server.options
    if (number === undefined) return answer(ok('unique-id listing follows', linesBody(listing(drop, uidlFormat))))
    if (indexOf(drop, number) === undefined) return answer(err('No such message'))
    return answer(ok(`${number} ${idOf(drop, { number, format: uidlFormat })}`))
  },
}

function* listing(drop: Drop, format: UidlFormat): Generator<string> {
  for (const number of numbersOf(drop)) yield `${number} ${idOf(drop, { number, format })}`
}

function idOf({ mailbox, uids }: Drop, { number, format }: { number: number; format: UidlFormat }): string {
  return uniqueId(format, { uid: uids[number - 1] ?? 0, uidValidity: mailbox.uidValidity })
}
