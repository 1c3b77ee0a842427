/** UNSELECT: leave the mailbox without expunging it. RFC 9051 §6.4.2 */
import { command, noArguments } from '../command.js'

export const unselect = command({
  name: 'UNSELECT',
  state: 'selected',
  news: 'none',
  args: noArguments,
  async run({ client }) {
    client.unselected()
  },
})
