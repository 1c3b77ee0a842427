/** NOOP: the news come with its answer. RFC 9051 §6.1.2 */
import { command, noArguments } from '../command.js'

export const noop = command({
  name: 'NOOP',
  state: 'any',
  args: noArguments,
  async run() {
    // Everything is in the news.
  },
})
