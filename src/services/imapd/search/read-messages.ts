/** Reads something of many messages, in slices so that other connections go on. */
import type { MessageRecord } from '../../../store/message-record.js'
import type { Uid } from '../../../store/types.js'
import { intersection } from '../../../store/uid-ranges.js'
import { rangesOf } from '../../../syntax/imap/sequence-set.js'
import { MessageText } from '../message-text.js'
import type { SessionIn } from '../session-context.js'

/** Records between two looks at the clock. */
const GLANCE = 16

/** What `read` gives for each of the messages that still exist, in rising order of UID. */
export async function readMessages<T>(
  { server, client, mailbox }: SessionIn<'selected'>,
  uids: readonly Uid[],
  read: (record: MessageRecord, text: MessageText) => T,
): Promise<T[]> {
  const results: T[] = []
  let rest = rangesOf(uids) as unknown as { first: Uid; last: Uid }[]
  while (rest.length > 0) {
    const last = server.store.read((view) => {
      const entry = view.mailbox(mailbox.id)
      if (entry === undefined) return undefined
      let seen = 0
      for (const record of view.messages(mailbox.id, rest)) {
        results.push(read(record, new MessageText(server.store, entry, record)))
        if (++seen % GLANCE === 0 && client.turn.over) return record.uid
      }
      return undefined
    })
    await client.turn.share()
    rest = last === undefined ? [] : intersection(rest, [{ first: (last + 1) as Uid, last: 0xffffffff as Uid }])
  }
  return results
}
