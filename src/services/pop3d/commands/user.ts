/** USER: who is to sign in; the next command is PASS. RFC 1939 §7 */
import { Bad } from '../../../syntax/pop3/bad.js'
import { err, ok } from '../../../syntax/pop3/reply.js'
import { answer, type Pop3Command } from '../state.js'

export const user: Pop3Command = {
  keyword: 'USER',
  states: ['authorization'],
  run(session, rest) {
    if (!session.client.plaintextAllowed) return answer(err('USER command only available under a layer', 'AUTH'))
    const name = rest.trim()
    if (name === '') throw new Bad('Missing argument')
    session.state = { kind: 'authorization', user: name }
    // The same for everybody: whether there is such a user is nobody's business.
    return answer(ok('Name is a valid mailbox'))
  },
}
