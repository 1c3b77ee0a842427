/** STARTTLS. RFC 9051 §6.2.1 */
import { No } from '../answers.js'
import { command, noArguments } from '../command.js'

export const starttls = command({
  name: 'STARTTLS',
  state: 'notAuthenticated',
  news: 'none',
  args: noArguments,
  async run({ client }) {
    if (client.door.tls !== undefined) throw new No('TLS already active')
    if (!client.door.canStartTls) throw new No('TLS is not available')
    return { text: 'Begin TLS negotiation now', next: 'startTls' }
  },
})
