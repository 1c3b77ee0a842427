/** AUTH: a SASL exchange; without arguments the list of mechanisms. RFC 5034 §4 */
import { longestLine, readWords } from '../../../syntax/pop3/command.js'
import { linesBody, ok } from '../../../syntax/pop3/reply.js'
import { conclude } from '../sign-in.js'
import { answer, type Pop3Command } from '../state.js'

export const auth: Pop3Command = {
  keyword: 'AUTH',
  states: ['authorization'],
  async run(session, rest) {
    const { client } = session
    const [mechanism, initial] = readWords(rest, { least: 0, most: 2 })
    if (mechanism === undefined) return answer(ok('List of supported mechanisms follows', linesBody(client.mechanisms)))
    const wire = {
      challenge: (base64: string) => client.connection.write(`+ ${base64}\r\n`),
      response: async () => (await client.connection.readLine(longestLine))?.toString('latin1'),
      dataWithSuccess: false,
    }
    return conclude(session, await client.authenticate({ mechanism, initial, wire }))
  },
}
