/** EXPUNGE and UID EXPUNGE. RFC 9051 §6.4.3, §6.4.9 */
import type { UidRange } from '../../../store/types.js'
import { countUids } from '../../../store/uid-ranges.js'
import { readRanges, type SequenceSet } from '../../../syntax/imap/sequence-set.js'
import { No } from '../answers.js'
import { command, noArguments } from '../command.js'
import { logExpunged } from '../log-change.js'
import type { SessionIn } from '../session-context.js'

export const expunge = command({
  name: 'EXPUNGE',
  state: 'selected',
  args: noArguments,
  run: (session) => run(session, session.mailbox.uids),
})

export const uidExpunge = command({
  name: 'UID EXPUNGE',
  state: 'selected',
  args(input): SequenceSet {
    input.space()
    return input.accept('$') ? 'saved' : readRanges(input)
  },
  run: (session, set) => run(session, session.mailbox.resolve(set, 'uid')),
})

/** Only messages that this client knows: others have been marked by somebody who may want to look again. */
async function run(session: SessionIn<'selected'>, uids: readonly UidRange[]) {
  const { server, client, mailbox, user } = session
  if (mailbox.readOnly) throw new No('Mailbox is read-only', 'READ-ONLY')
  const { modSeq, expunged } = await server.store.change({
    kind: 'expunge',
    as: user,
    mailbox: mailbox.id,
    uids,
    onlyDeleted: true,
  })
  logExpunged(session, mailbox.name, countUids(expunged))
  // RFC 7162 §3.1.4.2: only a client that knows modseqs is told.
  return client.enabled.has('QRESYNC') ? { code: `HIGHESTMODSEQ ${modSeq}` } : {}
}
