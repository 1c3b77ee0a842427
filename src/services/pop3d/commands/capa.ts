/** CAPA: what this server can do, here and now. RFC 2449 §5 */
import { readWords } from '../../../syntax/pop3/command.js'
import { linesBody, ok } from '../../../syntax/pop3/reply.js'
import { answer, type Pop3Command, type Pop3Session } from '../state.js'

export const capa: Pop3Command = {
  keyword: 'CAPA',
  states: ['authorization', 'transaction'],
  run(session, rest) {
    readWords(rest, { least: 0, most: 0 })
    return answer(ok('List of capabilities follows', linesBody(capabilities(session))))
  },
}

function capabilities({ client, server, state }: Pop3Session): string[] {
  const { options, delay } = server
  const outside = state.kind === 'authorization'
  const mechanisms = client.mechanisms
  return [
    ...(outside && mechanisms.length > 0 ? [`SASL ${mechanisms.join(' ')}`] : []),
    ...(outside && client.canStartTls ? ['STLS'] : []),
    `EXPIRE ${options.expireDays < 0 ? 'NEVER' : options.expireDays}`, // RFC 2449 §6.7
    ...(delay.seconds > 0 ? [`LOGIN-DELAY ${delay.seconds}`] : []),
    'TOP',
    'UIDL',
    'PIPELINING',
    'RESP-CODES',
    'AUTH-RESP-CODE', // RFC 3206 §5
    ...(outside && client.plaintextAllowed ? ['USER'] : []),
    'UTF8 USER', // RFC 6856 §2.2
    'LANG',
    ...(options.serverInfo === 'on' ? [`IMPLEMENTATION Angarium ${options.version}`] : []),
  ]
}
