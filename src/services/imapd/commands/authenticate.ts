/** AUTHENTICATE: one SASL exchange, each side's octets in base64. RFC 9051 §6.2.2, RFC 4959 */
import { Bad } from '../../../syntax/imap/bad.js'
import type { SignInOutcome } from '../../worker/client-session.js'
import { type Completion, No } from '../answers.js'
import { capabilities } from '../capabilities.js'
import { command } from '../command.js'
import type { SessionIn } from '../session-context.js'

export const authenticate = command({
  name: 'AUTHENTICATE',
  state: 'notAuthenticated',
  news: 'none',
  args(input) {
    input.space()
    const mechanism = input.atom('a mechanism').toUpperCase()
    return { mechanism, initial: input.accept(' ') ? input.rest().toString('latin1') : undefined }
  },
  async run(session, { mechanism, initial }) {
    const { client } = session
    let challenge = ''
    const wire = {
      challenge: (base64: string): void => {
        challenge = base64
      },
      response: async () => (await client.ask(`+ ${challenge}`))?.toString('latin1'),
      dataWithSuccess: false,
    }
    return welcome(session, await client.door.authenticate({ mechanism, initial, wire }))
  },
})

/** The tagged answer to LOGIN and AUTHENTICATE. @throws No, Bad. RFC 5530 §3 */
export function welcome({ server, client }: SessionIn<'notAuthenticated'>, outcome: SignInOutcome): Completion {
  switch (outcome.kind) {
    case 'cancelled':
      throw new Bad('Authentication cancelled')
    case 'malformed':
      throw new Bad('Invalid base64 string')
    case 'noMechanism':
      throw new No('no mechanism available', 'CANNOT')
    case 'refused':
      throw new No(outcome.text, outcome.limit ? 'LIMIT' : outcome.temporary ? 'UNAVAILABLE' : 'AUTHENTICATIONFAILED')
    case 'signedIn':
      client.signedIn(outcome.identity)
      return {
        code: `CAPABILITY ${capabilities({ server, client, user: outcome.identity })}`,
        text: `User logged in SESSIONID=<${client.door.id}>`,
      }
  }
}
