/** SORT and UID SORT, with ESORT. RFC 5256 §3, RFC 5267 §3, RFC 5957 */
import type { Reader } from '../../../syntax/imap/reader.js'
import { readSortProgram, type SortProgram } from '../../../syntax/imap/search-program.js'
import { writeInOrder } from '../../../syntax/imap/sequence-set.js'
import type { Answers } from '../answers.js'
import { type Command, command } from '../command.js'
import { asksModSeq } from '../search/asks-modseq.js'
import { esearchLine } from '../search/esearch.js'
import { readMessages } from '../search/read-messages.js'
import { runSearch } from '../search/run.js'
import { saveResult } from '../search/save-result.js'
import type { SessionIn } from '../session-context.js'
import { compareSortValues, sortValues } from '../sort/sort-key.js'

export const sort = define('SORT', 'number')
export const uidSort = define('UID SORT', 'uid')

function define(name: string, by: 'number' | 'uid'): Command {
  return command({
    name,
    state: 'selected',
    news: by === 'uid' ? 'all' : 'noExpunge',
    args: (input: Reader) => readSortProgram(input),
    run: (session, program) => run(session, program, by),
  })
}

async function* run(session: SessionIn<'selected'>, program: SortProgram, by: 'number' | 'uid'): Answers {
  const { client, mailbox } = session
  const { returns, sort: keys } = program
  const withModSeq = asksModSeq(program.key)
  if (withModSeq) client.enabled.add('CONDSTORE')
  const found = await runSearch(session, program)
  const rows = await readMessages(session, found.uids, (record, text) => ({
    uid: record.uid,
    values: sortValues(keys, record, text),
  }))
  rows.sort((a, b) => compareSortValues(keys, a.values, b.values) || a.uid - b.uid)
  const numbers = rows.map(({ uid }) => (by === 'uid' ? uid : mailbox.numberOf(uid)))
  if (returns?.save === true)
    saveResult(
      mailbox,
      rows.map(({ uid }) => uid),
      returns,
    )
  const modSeq = withModSeq && numbers.length > 0 ? found.modSeq : undefined
  if (returns !== undefined) {
    const line = esearchLine(numbers, { returns, tag: client.tag, uid: by === 'uid', modSeq }, writeInOrder)
    if (line !== undefined) yield line
    return
  }
  yield `* SORT${numbers.length > 0 ? ` ${numbers.join(' ')}` : ''}${modSeq === undefined ? '' : ` (MODSEQ ${modSeq})`}`
}
