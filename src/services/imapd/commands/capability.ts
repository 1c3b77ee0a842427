/** CAPABILITY. RFC 9051 §6.1.1 */

import { everyCapability } from '../capabilities.js'
import { command, noArguments } from '../command.js'

export const capability = command({
  name: 'CAPABILITY',
  state: 'any',
  args: noArguments,
  async *run(session) {
    yield `* CAPABILITY ${everyCapability(session)}`
  },
})
