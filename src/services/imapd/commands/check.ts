/** CHECK: everything is on stable storage already. RFC 3501 §6.4.1 */
import { command, noArguments } from '../command.js'

export const check = command({
  name: 'CHECK',
  state: 'selected',
  args: noArguments,
  async run() {
    // Nothing is ever acknowledged before it is durable.
  },
})
