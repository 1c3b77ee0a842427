/** APOP: name and digest of the greeting's stamp and the password. RFC 1939 §7 */

import { readWords } from '../../../syntax/pop3/command.js'
import { err } from '../../../syntax/pop3/reply.js'
import { conclude, splitFolder } from '../sign-in.js'
import { answer, type Pop3Command } from '../state.js'

export const apop: Pop3Command = {
  keyword: 'APOP',
  states: ['authorization'],
  async run(session, rest) {
    const [name = '', digest = ''] = readWords(rest, { least: 2, most: 2 })
    if (session.stamp === undefined) return answer(err('APOP is not available here', 'AUTH'))
    const { user, folder } = splitFolder(session, name)
    return conclude(session, await session.client.apop({ user, stamp: session.stamp, digest }), folder)
  },
}
