/** RETR: one message whole. RFC 1939 §5 */

import type { Uid } from '../../../store/types.js'
import { readNumber, readWords } from '../../../syntax/pop3/command.js'
import { dotStuffed } from '../../../syntax/pop3/dot-stuffing.js'
import { err, ok } from '../../../syntax/pop3/reply.js'
import { indexOf } from '../maildrop.js'
import { messageAt } from '../message.js'
import { answer, dropOf, type Pop3Command, type Pop3Session } from '../state.js'

// Not yet: RFC 6856 §2.1, surrogates of messages with UTF-8 headers for clients that did not say UTF8.
export const retr: Pop3Command = {
  keyword: 'RETR',
  states: ['transaction'],
  run(session, rest) {
    const [number = 0] = readWords(rest, { least: 1, most: 1 }).map(readNumber)
    const index = indexOf(dropOf(session), number)
    if (index === undefined) return answer(err('No such message'))
    const bytes = messageAt(session, index)
    if (!bytes) return answer(err('Message has been removed'))
    if (session.server.options.useImapFlags) setSeen(session, index)
    return answer(ok('Message follows', dotStuffed(bytes)))
  },
}

/** popuseimapflags. Nobody waits for it; without the right to it nothing happens. */
function setSeen({ server, client, state }: Pop3Session, index: number): void {
  if (state.kind !== 'transaction') return
  const { mailbox, uids } = state.drop
  const uid = (uids[index] ?? 0) as Uid
  const as = state.identity
  server.store
    .change({
      kind: 'setFlags',
      as,
      mailbox: mailbox.id,
      uids: [{ first: uid, last: uid }],
      how: 'add',
      flags: ['\\Seen'],
      lenient: true,
    })
    .catch((error: unknown) => client.log.event('db.error', { doing: `setting \\Seen in ${mailbox.name}`, error }))
}
