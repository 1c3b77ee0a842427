/** NOOP: nothing, but the client is still there. RFC 1939 §5 */
import { readWords } from '../../../syntax/pop3/command.js'
import { ok } from '../../../syntax/pop3/reply.js'
import { answer, type Pop3Command } from '../state.js'

export const noop: Pop3Command = {
  keyword: 'NOOP',
  states: ['transaction'],
  run(_session, rest) {
    readWords(rest, { least: 0, most: 0 })
    return answer(ok())
  },
}
