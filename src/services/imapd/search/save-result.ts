/** What "$" stands for after a search with SAVE. RFC 5182 §2.1 */
import type { UidRange } from '../../../store/types.js'
import type { SearchReturn } from '../../../syntax/imap/search-program.js'
import { rangesOf } from '../../../syntax/imap/sequence-set.js'
import type { SelectedMailbox } from '../selected.js'

/** `uids` in the order of the result. With MIN or MAX alone only these are saved. */
export function saveResult(mailbox: SelectedMailbox, uids: readonly number[], returns: SearchReturn): void {
  const [first, last] = [uids[0], uids[uids.length - 1]]
  const some = (returns.min || returns.max) && !returns.all && !returns.count
  const kept = some ? [...(returns.min ? [first] : []), ...(returns.max ? [last] : [])] : uids
  const numbers = new Set(kept.filter((uid) => uid !== undefined))
  mailbox.saved = rangesOf([...numbers].sort((a, b) => a - b)) as unknown as UidRange[]
}
