/** LOGOUT. RFC 9051 §6.1.3 */
import { command, noArguments } from '../command.js'

export const logout = command({
  name: 'LOGOUT',
  state: 'any',
  news: 'none',
  args: noArguments,
  async *run() {
    yield '* BYE LOGOUT received'
    return { next: 'logout' }
  },
})
