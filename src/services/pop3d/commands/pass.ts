/** PASS: the password of the user named just before; it may hold spaces. RFC 1939 §7 */
import { err } from '../../../syntax/pop3/reply.js'
import { conclude, splitFolder } from '../sign-in.js'
import { answer, type Pop3Command } from '../state.js'

export const pass: Pop3Command = {
  keyword: 'PASS',
  states: ['authorization'],
  async run(session, rest) {
    const { state, client } = session
    if (state.kind !== 'authorization' || state.user === undefined) return answer(err('Must give USER command'))
    const { user, folder } = splitFolder(session, state.user)
    return conclude(session, await client.password({ user, password: rest }), folder)
  },
}
