/** RENAME, with Cyrus's partition. RFC 9051 §6.3.6 */
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import { readAstring } from '../../../syntax/imap/string.js'
import { No } from '../answers.js'
import { command } from '../command.js'
import { logRenamed } from '../log-change.js'
import { internalName, wireName } from '../names.js'

export const rename = command({
  name: 'RENAME',
  state: 'authenticated',
  args(input, client) {
    input.space()
    const from = readMailbox(input, client.nameForm)
    input.space()
    const to = readMailbox(input, client.nameForm)
    const partition = input.accept(' ') && !input.atEnd ? readAstring(input).toString('latin1') : undefined
    return { from, to, partition }
  },
  async *run(session, { from, to, partition }) {
    const { server, user } = session
    if (partition !== undefined && !user.admin) throw new No('Permission denied', 'NOPERM')
    const { renamed } = await server.store.change({
      kind: 'renameMailbox',
      as: user,
      from: internalName(session, from),
      to: internalName(session, to),
      ...(partition === undefined ? {} : { partition }),
    })
    logRenamed(session, renamed)
    // As Cyrus tells it, one line a mailbox.
    for (const each of renamed) yield `* OK rename ${wireName(session, each.from)} ${wireName(session, each.to)}`
  },
})
