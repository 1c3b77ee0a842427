/** FETCH answers that tell flags: what STORE gives back. RFC 9051 §6.4.6, RFC 7162 §3.1.3 */
import type { Uid, UidRange } from '../../store/types.js'
import { intersection } from '../../store/uid-ranges.js'
import { type Answers, Pieces } from './answers.js'
import { FlagView } from './flags.js'
import type { SessionIn } from './session-context.js'

interface How {
  readonly withUid: boolean
  /** A silent STORE tells only the new modseqs. */
  readonly modSeqOnly?: boolean
}

/** Messages told in one look at the store. */
const SLICE = 1000

export async function* tellFlagsOf(
  { server, client, mailbox, user }: SessionIn<'selected'>,
  uids: readonly UidRange[],
  { withUid, modSeqOnly = false }: How,
): Answers {
  const condstore = client.enabled.has('CONDSTORE')
  let rest = uids
  while (rest.length > 0) {
    const pieces = new Pieces()
    let told = 0xffffffff
    server.store.read((view) => {
      const entry = view.mailbox(mailbox.id)
      if (entry === undefined) return
      const flags = new FlagView(view, entry, user)
      let count = 0
      for (const record of view.messages(mailbox.id, rest)) {
        const items = withUid || client.enabled.has('QRESYNC') ? [`UID ${record.uid}`] : []
        if (!modSeqOnly) items.push(`FLAGS (${flags.write(record, mailbox.isRecent(record.uid))})`)
        if (condstore) items.push(`MODSEQ (${view.modSeqFor(mailbox.id, record, user.user)})`)
        pieces.text(`* ${mailbox.numberOf(record.uid)} FETCH (${items.join(' ')})\r\n`)
        if (++count >= SLICE) {
          told = record.uid
          return
        }
      }
    })
    yield* pieces.take()
    rest = told >= 0xffffffff ? [] : intersection(rest, [{ first: (told + 1) as Uid, last: 0xffffffff as Uid }])
    await client.turn.share()
  }
}
