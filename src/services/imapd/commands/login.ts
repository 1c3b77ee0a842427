/** LOGIN. RFC 9051 §6.2.3 */
import { readAstring } from '../../../syntax/imap/string.js'
import { No } from '../answers.js'
import { command } from '../command.js'
import { welcome } from './authenticate.js'

export const login = command({
  name: 'LOGIN',
  state: 'notAuthenticated',
  news: 'none',
  args(input) {
    input.space()
    const name = readAstring(input)
    input.space()
    return { name, password: readAstring(input) }
  },
  async run(session, { name, password }) {
    const { door } = session.client
    const text = (bytes: Buffer): string => bytes.toString('utf8')
    const outcome = await door.password({ user: text(name), password: text(password) })
    if (outcome.kind === 'noMechanism') throw new No('Login only available under a layer', 'PRIVACYREQUIRED')
    if (outcome.kind === 'refused' && !outcome.temporary)
      throw new No(`Login failed: ${outcome.text}`, 'AUTHENTICATIONFAILED')
    return welcome(session, outcome)
  },
})
