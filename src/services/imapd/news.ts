/** What the client is told, unasked, of its selected mailbox. RFC 9051 §7.5, RFC 7162 §3.2.10 */
import { isDeleted } from '../../store/mailbox-name.js'
import type { Mailbox, Uid, UidRange } from '../../store/types.js'
import type { View } from '../../store/view.js'
import { writeSequenceSet } from '../../syntax/imap/sequence-set.js'
import { type Answers, Bye, Pieces } from './answers.js'
import type { NewsAllowed } from './command.js'
import { FlagView, systemFlagNames } from './flags.js'
import type { SelectedMailbox } from './selected.js'
import type { SessionIn } from './session-context.js'

/** Messages whose flags are told in one look at the store. */
const SLICE = 1000

/** Tells what has changed since the last time. `withUid`: flags come with UIDs, as an answer to a UID command. */
export async function* news(
  session: SessionIn<'selected'>,
  allowed: Exclude<NewsAllowed, 'none'>,
  { withUid = false } = {},
): Answers {
  const { server, client, mailbox } = session
  const look = server.store.read((view) => compare(view, mailbox))
  if (look === 'vanished') yield* tellVanished(session, allowed)
  if (look === undefined || look === 'vanished') return
  const before = { modSeq: mailbox.modSeq, highestUid: mailbox.highestUid }
  if (look.gone.length > 0) {
    if (allowed === 'all') yield* tellExpunged(session, look.gone)
    else mailbox.withhold(look.gone)
  }
  if (look.appended.length > 0) {
    mailbox.add(look.appended, look.mailbox)
    yield `* ${mailbox.exists} EXISTS`
    if (!client.enabled.has('IMAP4REV2')) yield `* ${mailbox.recent} RECENT`
    markRecent(session, look.mailbox)
  }
  yield* tellKeywords(session)
  mailbox.modSeq = look.mailbox.highestModSeq
  yield* tellFlags(session, before, withUid)
}

/** undefined: there are no news. */
function compare(view: View, selected: SelectedMailbox) {
  const mailbox = view.mailbox(selected.id)
  if (mailbox === undefined || (isDeleted(mailbox.name) && !isDeleted(selected.name))) return 'vanished'
  const same = mailbox.highestModSeq === selected.modSeq && mailbox.keywords.length === selected.toldKeywords
  if (same && !selected.withholds) return undefined
  return { mailbox, ...selected.compare(view.uids(selected.id)) }
}

/** Somebody deleted the mailbox: it is empty for whoever still has it selected, or they are sent away. RFC 2180 §3 */
async function* tellVanished(session: SessionIn<'selected'>, allowed: Exclude<NewsAllowed, 'none'>): Answers {
  const { server, mailbox } = session
  if (server.settings.disconnectVanished) throw new Bye('Selected mailbox has been deleted')
  if (mailbox.exists === 0) return
  if (allowed === 'all') yield* tellExpunged(session, mailbox.uids)
  else mailbox.withhold(mailbox.uids)
}

/** Keywords that came up since the client was told of some. RFC 9051 §7.3.5 */
export async function* tellKeywords({ server, mailbox, user }: SessionIn<'selected'>): Answers {
  const lines = server.store.read((view) => {
    const entry = view.mailbox(mailbox.id)
    if (entry === undefined || entry.keywords.length === mailbox.toldKeywords) return []
    mailbox.toldKeywords = entry.keywords.length
    return [flagsLine(entry), permanentFlagsLine(entry, view.rights(entry, user), mailbox.readOnly)]
  })
  yield* lines
}

async function* tellExpunged({ client, mailbox }: SessionIn<'selected'>, gone: readonly UidRange[]): Answers {
  if (client.enabled.has('QRESYNC')) {
    mailbox.forget(gone)
    yield `* VANISHED ${writeSequenceSet(gone)}`
    return
  }
  const pieces = new Pieces()
  // From the first to the last as Cyrus does it: each lowers the numbers of all that follow.
  let before = 0
  for (const { first, last } of gone) {
    for (let uid: number = first; uid <= last; uid++) {
      const number = mailbox.numberOf(uid)
      if (number > 0) pieces.text(`* ${number - before++} EXPUNGE\r\n`)
      if (pieces.full) yield* pieces.take()
    }
    await client.turn.share()
  }
  mailbox.forget(gone)
  yield* pieces.take()
}

/** Flags that changed after `before`, of messages that the client knew then. */
async function* tellFlags(
  { server, client, mailbox, user }: SessionIn<'selected'>,
  before: { readonly modSeq: SelectedMailbox['modSeq']; readonly highestUid: number },
  withUid: boolean,
): Answers {
  const condstore = client.enabled.has('CONDSTORE')
  const uids = withUid || client.enabled.has('QRESYNC')
  let told = 0
  for (let more = true; more; ) {
    const pieces = new Pieces()
    more = server.store.read((view) => {
      const entry = view.mailbox(mailbox.id)
      if (entry === undefined) return false
      const flags = new FlagView(view, entry, user)
      let count = 0
      for (const record of view.changedSince(mailbox.id, before.modSeq, user.user)) {
        if (record.uid <= told) continue
        if (record.uid > before.highestUid) return false
        const number = mailbox.numberOf(record.uid)
        if (number === 0) continue
        if (count++ >= SLICE) return true
        told = record.uid
        const uid = uids ? `UID ${record.uid} ` : ''
        const modSeq = condstore ? ` MODSEQ (${view.modSeqFor(mailbox.id, record, user.user)})` : ''
        pieces.text(
          `* ${number} FETCH (${uid}FLAGS (${flags.write(record, mailbox.isRecent(record.uid))})${modSeq})\r\n`,
        )
      }
      return false
    })
    yield* pieces.take()
    await client.turn.share()
  }
}

/** The flags in use here. RFC 9051 §7.3.5 */
export function flagsLine(mailbox: Mailbox): string {
  return `* FLAGS (${[...systemFlagNames, ...mailbox.keywords].join(' ')})`
}

/** Which of them this user may change for good: `s` \Seen, `t` \Deleted, `w` all others. RFC 4314 §5.1.1 */
export function permanentFlagsLine(mailbox: Mailbox, rights: string, readOnly: boolean): string {
  const names = systemFlagNames.filter((name) => rights.includes(rightFor(name)))
  const all = readOnly ? [] : [...names, ...(rights.includes('w') ? [...mailbox.keywords, '\\*'] : [])]
  return `* OK [PERMANENTFLAGS (${all.join(' ')})] Ok`
}

export function rightFor(name: string): 's' | 't' | 'w' {
  return name === '\\Seen' ? 's' : name === '\\Deleted' ? 't' : 'w'
}

/** The messages told here are no longer recent for the next session; nobody waits for it. RFC 9051 §2.3.2 */
export function markRecent({ server, mailbox }: SessionIn<'selected'>, { recentUid, uidNext }: Mailbox): void {
  if (mailbox.readOnly || recentUid >= uidNext - 1) return
  server.store.change({ kind: 'markRecent', mailbox: mailbox.id, uid: (uidNext - 1) as Uid }).catch(() => undefined)
}
