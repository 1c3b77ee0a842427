/** Runs a search over the selected mailbox, in slices so that other connections go on. RFC 9051 §6.4.4 */
import type { ModSeq, Uid, UidRange } from '../../../store/types.js'
import { intersection } from '../../../store/uid-ranges.js'
import type { View } from '../../../store/view.js'
import type { SearchProgram } from '../../../syntax/imap/search-program.js'
import { refusal } from '../errors.js'
import { FlagView } from '../flags.js'
import { MessageText } from '../message-text.js'
import type { SessionIn } from '../session-context.js'
import { queryDecoder } from './charset.js'
import { compileSearch, searchedUids } from './compile.js'

/** Records between two looks at the clock. */
const GLANCE = 64

export interface Found {
  /** In rising order. */
  readonly uids: readonly Uid[]
  /** The highest modseq among them. */
  readonly modSeq: ModSeq
}

/** @throws No BADCHARSET */
export async function runSearch(session: SessionIn<'selected'>, { key, charset }: SearchProgram): Promise<Found> {
  const { server, client, mailbox: selected } = session
  const decode = queryDecoder(charset)
  const uids: Uid[] = []
  let modSeq = 0 as ModSeq
  const now = Date.now()
  for (let rest = searchedUids(key, selected); rest.length > 0; ) {
    const last = server.store.read((view) => {
      const mailbox = view.mailbox(selected.id)
      if (mailbox === undefined) return undefined
      if (!view.rights(mailbox, session.user).includes('r')) throw refusal('notPermitted')
      const { holds } = compileSearch(key, { mailbox, selected, decode, now })
      const candidates = candidatesOf(session, { view, rest })
      let seen = 0
      for (const candidate of candidates) {
        const { record } = candidate
        if (holds(candidate)) {
          uids.push(record.uid)
          if (candidate.modSeq > modSeq) modSeq = candidate.modSeq
        }
        if ((++seen % GLANCE === 0 || candidate.text.opened) && client.turn.over) return record.uid
      }
      return undefined
    })
    await client.turn.share()
    rest = last === undefined ? [] : intersection(rest, [{ first: (last + 1) as Uid, last: 0xffffffff as Uid }])
  }
  return { uids, modSeq }
}

function* candidatesOf(
  { server, mailbox: selected, user }: SessionIn<'selected'>,
  { view, rest }: { readonly view: View; readonly rest: readonly UidRange[] },
) {
  const mailbox = view.mailbox(selected.id)
  if (mailbox === undefined) return
  const flags = new FlagView(view, mailbox, user)
  for (const record of view.messages(mailbox.id, rest)) {
    yield {
      record,
      flags: flags.bits(record),
      recent: selected.isRecent(record.uid),
      get modSeq() {
        return view.modSeqFor(mailbox.id, record, user.user)
      },
      text: new MessageText(server.store, mailbox, record),
    }
  }
}
