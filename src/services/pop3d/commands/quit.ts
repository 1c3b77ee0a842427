/** QUIT: what is marked goes, then the session ends; only here is anything removed. RFC 1939 §6 */

import { StoreError } from '../../../store/errors.js'
import { system } from '../../../store/types.js'
import { err, ok, type Reply } from '../../../syntax/pop3/reply.js'
import { pop3Code } from '../errors.js'
import { deletedUids } from '../maildrop.js'
import { answer, type Pop3Command, type Pop3Session } from '../state.js'

export const quit: Pop3Command = {
  keyword: 'QUIT',
  states: ['authorization', 'transaction'],
  async run(session) {
    return answer(await update(session), 'end')
  },
}

/** The UPDATE state. A client that hears -ERR finds its messages still there. */
async function update({ state, server, client }: Pop3Session): Promise<Reply> {
  if (state.kind !== 'transaction') return ok()
  const { mailbox } = state.drop
  const uids = deletedUids(state.drop)
  if (uids.length === 0) return ok()
  try {
    const as = server.options.useAcl ? state.identity : system
    const { expunged } = await server.store.change({
      kind: 'expunge',
      as,
      mailbox: mailbox.id,
      uids,
      onlyDeleted: false,
    })
    const count = expunged.reduce((sum, { first, last }) => sum + last - first + 1, 0)
    client.log.event('messages.expunged', { mailbox: mailbox.name, count })
    if (server.options.auditLog)
      client.log.event('audit', { action: 'expunge', session: client.id, mailbox: mailbox.name, count: String(count) })
    return ok()
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return err(`Some deleted messages were not removed: ${error.message}`, pop3Code[error.kind] ?? 'SYS/TEMP')
  }
}
