/** STATUS. RFC 9051 §6.3.11 */
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import { readStatusAtts } from '../../../syntax/imap/status-att.js'
import { command } from '../command.js'
import { mailboxWith, wireName } from '../names.js'
import { statusItems } from '../status-items.js'

export const status = command({
  name: 'STATUS',
  state: 'authenticated',
  args(input, client) {
    input.space()
    const name = readMailbox(input, client.nameForm)
    input.space()
    return { name, atts: readStatusAtts(input) }
  },
  async *run(session, { name, atts }) {
    const { server } = session
    if (atts.includes('HIGHESTMODSEQ')) session.client.enabled.add('CONDSTORE')
    yield server.store.read((view) => {
      const mailbox = mailboxWith(view, session, name, 'r')
      return `* STATUS ${wireName(session, mailbox.name)} (${statusItems(view, session, mailbox, atts)})`
    })
  },
})
