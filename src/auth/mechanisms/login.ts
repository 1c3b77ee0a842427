/** LOGIN: user and password, each asked for; older than PLAIN and still what some clients send. draft-murchison-sasl-login */
import { type ClientMechanism, failed, type ServerMechanism, type Step, utf8 } from '../sasl.js'

export const loginServer: ServerMechanism = {
  name: 'LOGIN',
  plaintext: true,
  usable: () => true,
  start: ({ checkPassword }) => {
    let user: string | undefined
    return {
      async step(message): Promise<Step> {
        if (message === undefined) return { kind: 'challenge', data: Buffer.from('Username:') }
        const text = utf8(message)
        if (text === undefined || text === '' || text.includes('\0')) return failed('malformed message', user)
        if (user === undefined) {
          user = text
          return { kind: 'challenge', data: Buffer.from('Password:') }
        }
        const verdict = await checkPassword(user, text)
        if (verdict.kind === 'good') return { kind: 'proven', user, actAs: '' }
        if (verdict.kind === 'unavailable') return { kind: 'failed', user, why: verdict.why, temporary: true }
        return failed('wrong password or unknown user', user)
      },
    }
  },
}

export const loginClient: ClientMechanism = {
  name: 'LOGIN',
  clientFirst: false,
  plaintext: true,
  start: ({ user, password }) => {
    const answers = [user, password]
    return {
      step: (message) => (message === undefined ? undefined : Buffer.from(answers.shift() ?? '')),
    }
  },
}
