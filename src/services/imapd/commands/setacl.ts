/** SETACL. RFC 4314 §3.1 */
import { readSetAcl } from '../../../syntax/imap/acl.js'
import { command } from '../command.js'
import { logAcl } from '../log-change.js'
import { mailboxWith } from '../names.js'

export const setacl = command({
  name: 'SETACL',
  state: 'authenticated',
  args: (input, client) => readSetAcl(input, client.nameForm),
  async run(session, { mailbox, identifier, rights }) {
    const { server, user } = session
    const { name } = server.store.read((view) => mailboxWith(view, session, mailbox, 'a'))
    await server.store.change({ kind: 'setAcl', as: user, name, identifier, rights })
    logAcl(session, name, { identifier, rights })
  },
})
