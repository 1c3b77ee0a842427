/** CLOSE: expunge what may be expunged, silently, and leave the mailbox. RFC 9051 §6.4.1 */
import { command, noArguments } from '../command.js'

export const close = command({
  name: 'CLOSE',
  state: 'selected',
  news: 'none',
  args: noArguments,
  async run({ server, client, mailbox, user }) {
    const mayExpunge = server.store.read((view) => {
      const entry = view.mailbox(mailbox.id)
      return entry !== undefined && entry.deleted > 0 && view.rights(entry, user).includes('e')
    })
    if (!mailbox.readOnly && mayExpunge) {
      await server.store.change({
        kind: 'expunge',
        as: user,
        mailbox: mailbox.id,
        onlyDeleted: true,
        uids: mailbox.uids,
      })
    }
    client.unselected()
  },
})
