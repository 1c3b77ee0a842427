/** CLOSE: expunge what may be expunged, silently, and leave the mailbox. RFC 9051 §6.4.1 */
import { countUids } from '../../../store/uid-ranges.js'
import { command, noArguments } from '../command.js'
import { logExpunged } from '../log-change.js'

export const close = command({
  name: 'CLOSE',
  state: 'selected',
  news: 'none',
  args: noArguments,
  async run(session) {
    const { server, client, mailbox, user } = session
    const mayExpunge = server.store.read((view) => {
      const entry = view.mailbox(mailbox.id)
      return entry !== undefined && entry.deleted > 0 && view.rights(entry, user).includes('e')
    })
    if (!mailbox.readOnly && mayExpunge) {
      const { expunged } = await server.store.change({
        kind: 'expunge',
        as: user,
        mailbox: mailbox.id,
        onlyDeleted: true,
        uids: mailbox.uids,
      })
      logExpunged(session, mailbox.name, countUids(expunged))
    }
    client.unselected()
  },
})
