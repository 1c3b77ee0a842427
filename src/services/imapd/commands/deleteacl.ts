/** DELETEACL. RFC 4314 §3.2 */
import { readMailboxAndIdentifier } from '../../../syntax/imap/acl.js'
import { command } from '../command.js'
import { logAcl } from '../log-change.js'
import { mailboxWith } from '../names.js'

export const deleteacl = command({
  name: 'DELETEACL',
  state: 'authenticated',
  args: (input, client) => readMailboxAndIdentifier(input, client.nameForm),
  async run(session, { mailbox, identifier }) {
    const { server, user } = session
    const { name } = server.store.read((view) => mailboxWith(view, session, mailbox, 'a'))
    await server.store.change({ kind: 'setAcl', as: user, name, identifier, rights: '' })
    logAcl(session, name, { identifier, rights: '' })
  },
})
