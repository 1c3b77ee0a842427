/** GETQUOTAROOT. RFC 9208 §4.1.2 */
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import { writeAstring } from '../../../syntax/imap/string.js'
import { command } from '../command.js'
import { mailboxWith, wireName } from '../names.js'
import { quotaLine, rootWire } from '../quota-line.js'

export const getquotaroot = command({
  name: 'GETQUOTAROOT',
  state: 'authenticated',
  args(input, client) {
    input.space()
    return readMailbox(input, client.nameForm)
  },
  async *run(session, name) {
    const { server, user } = session
    const { mailbox, quota } = server.store.read((view) => {
      const mailbox = mailboxWith(view, session, name, user.admin ? 'l' : 'r')
      return { mailbox, quota: view.quotaRootOf(mailbox.name) }
    })
    const root = quota === undefined ? '' : ` ${writeAstring(rootWire(session, quota.root))}`
    yield `* QUOTAROOT ${wireName(session, mailbox.name)}${root}`
    if (quota !== undefined) yield quotaLine(session, quota)
  },
})
