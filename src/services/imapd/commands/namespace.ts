/** NAMESPACE. RFC 2342 */

import { writeDelimiter } from '../../../syntax/imap/list.js'
import { command, noArguments } from '../command.js'
import { externalWire } from '../names.js'

export const namespace = command({
  name: 'NAMESPACE',
  state: 'authenticated',
  args: noArguments,
  async *run({ server, client, user }) {
    const { personal, others, shared } = server.names.prefixes(user)
    const delimiter = writeDelimiter(server.names.separator)
    const inbox = server.names.inboxOfUser(user.user)
    const hasInbox = inbox !== undefined && server.store.read((view) => view.lookup(inbox)) !== undefined
    const each = (prefix: string): string => `((${quoted(externalWire(prefix, client.nameForm))} ${delimiter}))`
    yield `* NAMESPACE ${hasInbox ? each(personal) : 'NIL'} ${each(others)} ${each(shared)}`
  },
})

/** The prefix is a string, not an astring. */
function quoted(astring: string): string {
  return /^["{]/.test(astring) ? astring : `"${astring}"`
}
