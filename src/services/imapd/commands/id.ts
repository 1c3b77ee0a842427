/** ID: who each side is. RFC 2971 */
import { readId, writeId } from '../../../syntax/imap/id.js'
import { command } from '../command.js'

export const id = command({
  name: 'ID',
  state: 'any',
  args: readId,
  async *run({ server }) {
    const { version, serverInfo } = server.settings
    yield serverInfo === 'on'
      ? `* ID ${writeId([
          ['name', 'Angarium'],
          ['version', version],
          ['vendor', 'Angarium'],
        ])}`
      : '* ID NIL'
  },
})
