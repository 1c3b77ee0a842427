/** SEARCH and UID SEARCH, with ESEARCH and saved results. RFC 9051 §6.4.4, RFC 4731, RFC 5182 */

import type { UidRange } from '../../../store/types.js'
import type { Reader } from '../../../syntax/imap/reader.js'
import type { SearchKey } from '../../../syntax/imap/search-key.js'
import { readSearchProgram, type SearchProgram } from '../../../syntax/imap/search-program.js'
import { rangesOf } from '../../../syntax/imap/sequence-set.js'
import { type Answers, No } from '../answers.js'
import { type Command, command } from '../command.js'
import { esearchLine } from '../search/esearch.js'
import { runSearch } from '../search/run.js'
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
  if (returns?.save === true) mailbox.saved = savedOf(found.uids, returns) as unknown as UidRange[]
  const modSeq = withModSeq && numbers.length > 0 ? found.modSeq : undefined
  if (returns !== undefined || client.enabled.has('IMAP4REV2')) {
    const line = esearchLine(numbers, { returns, tag: client.tag, uid: by === 'uid', modSeq })
    if (line !== undefined) yield line
    return
  }
  yield `* SEARCH${numbers.length > 0 ? ` ${numbers.join(' ')}` : ''}${modSeq === undefined ? '' : ` (MODSEQ ${modSeq})`}`
}

/** RFC 5182 §2.1: with MIN or MAX alone only these are saved. */
function savedOf(uids: readonly number[], returns: NonNullable<SearchProgram['returns']>) {
  const [first, last] = [uids[0], uids[uids.length - 1]]
  if (returns.all || returns.count || first === undefined || last === undefined) return rangesOf(uids)
  if (!returns.min && !returns.max) return rangesOf(uids)
  const kept = [...(returns.min ? [first] : []), ...(returns.max && (last !== first || !returns.min) ? [last] : [])]
  return rangesOf(kept)
}

function asksModSeq(key: SearchKey): boolean {
  if (key.kind === 'modseq') return true
  if (key.kind === 'not') return asksModSeq(key.key)
  return key.kind === 'and' || key.kind === 'or' ? key.keys.some(asksModSeq) : false
}
