/** LISTRIGHTS. RFC 4314 §3.4 */
import { listRights } from '../../../store/acl.js'
import { readMailboxAndIdentifier } from '../../../syntax/imap/acl.js'
import { utf8Wire, writeAstring } from '../../../syntax/imap/string.js'
import { command } from '../command.js'
import { mailboxWith, wireName } from '../names.js'

export const listrights = command({
  name: 'LISTRIGHTS',
  state: 'authenticated',
  args: (input, client) => readMailboxAndIdentifier(input, client.nameForm),
  async *run(session, { mailbox: name, identifier }) {
    const { server } = session
    const mailbox = server.store.read((view) => mailboxWith(view, session, name, 'a'))
    const { implicitOwnerRights } = server.settings
    const { required, optional } = listRights(mailbox, identifier, { ...server.names.options, implicitOwnerRights })
    const words = [required === '' ? '""' : required, ...optional].join(' ')
    yield `* LISTRIGHTS ${wireName(session, mailbox.name)} ${writeAstring(utf8Wire(identifier))} ${words}`
  },
})
