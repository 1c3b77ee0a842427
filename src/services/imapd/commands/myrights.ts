/** MYRIGHTS. RFC 4314 §3.5 */
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import { command } from '../command.js'
import { refusal } from '../errors.js'
import { internalName, wireName } from '../names.js'

export const myrights = command({
  name: 'MYRIGHTS',
  state: 'authenticated',
  args(input, client) {
    input.space()
    return readMailbox(input, client.nameForm)
  },
  async *run(session, name) {
    const { server, user } = session
    const internal = internalName(session, name)
    const rights = server.store.read((view) => {
      const mailbox = view.lookup(internal)
      return mailbox === undefined ? '' : view.rights(mailbox, user)
    })
    // Any right at all is enough to be told of it. RFC 4314 §4
    if (rights === '') throw refusal('noSuchMailbox')
    yield `* MYRIGHTS ${wireName(session, internal)} ${rights}`
  },
})
