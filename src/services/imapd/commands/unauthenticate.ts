/** UNAUTHENTICATE: as if just connected, TLS and compression kept. RFC 8437 */
import { command, noArguments } from '../command.js'

export const unauthenticate = command({
  name: 'UNAUTHENTICATE',
  state: 'authenticated',
  news: 'none',
  args: noArguments,
  async run({ client }) {
    client.door.forget()
    client.signedOut()
  },
})
