/** STLS: TLS from here on. RFC 2595 §4 */

import { readWords } from '../../../syntax/pop3/command.js'
import { err, ok } from '../../../syntax/pop3/reply.js'
import { answer, type Pop3Command } from '../state.js'

export const stls: Pop3Command = {
  keyword: 'STLS',
  states: ['authorization'],
  run({ client, utf8 }, rest) {
    readWords(rest, { least: 0, most: 0 })
    if (client.tls) return answer(err('Already under TLS'))
    if (utf8) return answer(err('STLS must come before UTF8')) // RFC 6856 §2.1
    if (!client.canStartTls) return answer(err('TLS is not available here'))
    return answer(ok('Begin TLS negotiation now'), 'startTls')
  },
}
