/** ANONYMOUS: nobody in particular, with a trace that is logged and means nothing. RFC 4505 §2 */
import { type ClientMechanism, failed, type ServerMechanism, type Step, utf8 } from '../sasl.js'

export const anonymousServer: ServerMechanism = {
  name: 'ANONYMOUS',
  plaintext: false,
  usable: () => true,
  start: () => ({
    async step(message): Promise<Step> {
      if (message === undefined) return { kind: 'challenge', data: Buffer.alloc(0) }
      const trace = utf8(message)
      if (trace === undefined || [...trace].length > 255) return failed('malformed message')
      return { kind: 'proven', user: 'anonymous', actAs: '', anonymous: true }
    },
  }),
}

export const anonymousClient: ClientMechanism = {
  name: 'ANONYMOUS',
  clientFirst: true,
  plaintext: false,
  start: ({ user }) => ({ step: () => Buffer.from(user) }),
}
