/** GETQUOTA. RFC 9208 §4.1.1 */
import { decodeName } from '../../../syntax/imap/mailbox.js'
import { readAstring } from '../../../syntax/imap/string.js'
import { command } from '../command.js'
import { refusal } from '../errors.js'
import { internalName } from '../names.js'
import { quotaLine } from '../quota-line.js'

export const getquota = command({
  name: 'GETQUOTA',
  state: 'authenticated',
  args(input, client) {
    input.space()
    return decodeName(readAstring(input), client.nameForm)
  },
  async *run(session, name) {
    const { server, user } = session
    const root = internalName(session, name)
    const quota = server.store.read((view) => {
      const mailbox = view.lookup(root)
      const readable = mailbox !== undefined && view.rights(mailbox, user).includes('r')
      if (!user.admin && !readable) throw refusal('notPermitted')
      return view.quota(root)
    })
    if (quota === undefined) throw refusal('noSuchQuotaRoot')
    yield quotaLine(session, quota)
  },
})
