/** LANG: the language of our texts, of which there is one. RFC 6856 §3 */
import { readWords } from '../../../syntax/pop3/command.js'
import { err, linesBody, ok } from '../../../syntax/pop3/reply.js'
import { answer, type Pop3Command } from '../state.js'

const ours = /^(\*|en|en-.+|i-default)$/i

export const lang: Pop3Command = {
  keyword: 'LANG',
  states: ['authorization', 'transaction'],
  run(_session, rest) {
    const [wanted] = readWords(rest, { least: 0, most: 1 })
    if (wanted === undefined) return answer(ok('Language listing follows', linesBody(['en English'])))
    return answer(ours.test(wanted) ? ok('en Texts are in English') : err('Only English (en) is spoken here'))
  },
}
