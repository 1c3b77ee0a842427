/** DELETE. RFC 9051 §6.3.5 */
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import { command } from '../command.js'
import { logDeleted } from '../log-change.js'
import { internalName } from '../names.js'

export const remove = command({
  name: 'DELETE',
  state: 'authenticated',
  args(input, client) {
    input.space()
    return readMailbox(input, client.nameForm)
  },
  async run(session, name) {
    const { server, user, client, mailbox } = session
    const { deleted } = await server.store.change({
      kind: 'deleteMailbox',
      as: user,
      name: internalName(session, name),
    })
    logDeleted(session, deleted)
    // Its own selected mailbox: the session goes on without one instead of being sent away.
    if (mailbox !== undefined && deleted.includes(mailbox.name)) client.unselected()
  },
})
