/** PLAIN: authorization identity, user and password in one message. RFC 4616 */
import { type ClientMechanism, failed, type ServerMechanism, type Step, utf8 } from '../sasl.js'

export const plainServer: ServerMechanism = {
  name: 'PLAIN',
  plaintext: true,
  usable: () => true,
  start: ({ checkPassword }) => ({
    async step(message): Promise<Step> {
      if (message === undefined) return { kind: 'challenge', data: Buffer.alloc(0) }
      const parts = utf8(message)?.split('\0') // RFC 4616 §2
      const [actAs = '', user = '', password = ''] = parts ?? []
      if (parts?.length !== 3 || user === '' || password === '') return failed('malformed message')
      const verdict = await checkPassword(user, password)
      if (verdict.kind === 'good') return { kind: 'proven', user, actAs }
      if (verdict.kind === 'unavailable') return { kind: 'failed', user, why: verdict.why, temporary: true }
      return failed('wrong password or unknown user', user)
    },
  }),
}

export const plainClient: ClientMechanism = {
  name: 'PLAIN',
  clientFirst: true,
  plaintext: true,
  start: ({ user, password, actAs = '' }) => ({
    step: () => Buffer.from(`${actAs}\0${user}\0${password}`),
  }),
}
