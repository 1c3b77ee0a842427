/** DELE: marks a message; it goes at QUIT. RFC 1939 §5 */
import { readNumber, readWords } from '../../../syntax/pop3/command.js'
import { err, ok } from '../../../syntax/pop3/reply.js'
import { indexOf } from '../maildrop.js'
import { answer, dropOf, type Pop3Command } from '../state.js'

export const dele: Pop3Command = {
  keyword: 'DELE',
  states: ['transaction'],
  run(session, rest) {
    const [number = 0] = readWords(rest, { least: 1, most: 1 }).map(readNumber)
    const drop = dropOf(session)
    const index = indexOf(drop, number)
    if (index === undefined) return answer(err('No such message'))
    if (!mayDelete(session)) return answer(err('Permission denied', 'SYS/PERM'))
    drop.deleted[index] = 1
    return answer(ok('message deleted'))
  },
}

/** popuseacl asks for the right to delete. */
function mayDelete(session: Parameters<Pop3Command['run']>[0]): boolean {
  const { server, state } = session
  if (state.kind !== 'transaction' || !server.options.useAcl) return true
  const { identity, drop } = state
  return server.store.read((view) => view.rights(drop.mailbox, identity).includes('t'))
}
