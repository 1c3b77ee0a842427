/** GETACL. RFC 4314 §3.3 */
import { readAcl } from '../../../store/acl.js'
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import { utf8Wire, writeAstring } from '../../../syntax/imap/string.js'
import { command } from '../command.js'
import { mailboxWith, wireName } from '../names.js'

export const getacl = command({
  name: 'GETACL',
  state: 'authenticated',
  args(input, client) {
    input.space()
    return readMailbox(input, client.nameForm)
  },
  async *run(session, name) {
    const mailbox = session.server.store.read((view) => mailboxWith(view, session, name, 'a'))
    const entries = readAcl(mailbox.acl).map(
      ({ identifier, rights }) => ` ${writeAstring(utf8Wire(identifier))} ${rights}`,
    )
    yield `* ACL ${wireName(session, mailbox.name)}${entries.join('')}`
  },
})
