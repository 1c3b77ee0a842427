/** SEARCH and UID SEARCH, with ESEARCH and saved results. RFC 9051 §6.4.4, RFC 4731, RFC 5182 */

import type { Reader } from '../../../syntax/imap/reader.js'
import { readSearchProgram, type SearchProgram } from '../../../syntax/imap/search-program.js'
import { type Answers, No } from '../answers.js'
import { type Command, command } from '../command.js'
import { asksModSeq } from '../search/asks-modseq.js'
import { esearchLine } from '../search/esearch.js'
import { runSearch } from '../search/run.js'
import { saveResult } from '../search/save-result.js'
import type { SessionIn } from '../session-context.js'

export const search = define('SEARCH', 'number')
export const uidSearch = define('UID SEARCH', 'uid')

function define(name: string, by: 'number' | 'uid'): Command {
  return command({
    name,
    state: 'selected',
    news: by === 'uid' ? 'all' : 'noExpunge',
    args: (input: Reader) => readSearchProgram(input),
    run: (session, program) => run(session, program, by),
  })
}

async function* run(session: SessionIn<'selected'>, program: SearchProgram, by: 'number' | 'uid'): Answers {
  const { client, mailbox } = session
  const returns = program.returns
  const withModSeq = asksModSeq(program.key)
  if (withModSeq) client.enabled.add('CONDSTORE')
  const found = await runSearch(session, program).catch((error: unknown) => {
    // RFC 5182 §2.1: a SEARCH that fails leaves nothing saved.
    if (returns?.save === true && error instanceof No) mailbox.saved = []
    throw error
  })
  const numbers = by === 'uid' ? found.uids : found.uids.map((uid) => mailbox.numberOf(uid))
  if (returns?.save === true) saveResult(mailbox, found.uids, returns)
  const modSeq = withModSeq && numbers.length > 0 ? found.modSeq : undefined
  if (returns !== undefined || client.enabled.has('IMAP4REV2')) {
    const line = esearchLine(numbers, { returns, tag: client.tag, uid: by === 'uid', modSeq })
    if (line !== undefined) yield line
    return
  }
  yield `* SEARCH${numbers.length > 0 ? ` ${numbers.join(' ')}` : ''}${modSeq === undefined ? '' : ` (MODSEQ ${modSeq})`}`
}
