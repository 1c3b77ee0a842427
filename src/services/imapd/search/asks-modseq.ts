/** Whether a search names modseqs: then its answer tells one. RFC 7162 §3.1.5 */
import type { SearchKey } from '../../../syntax/imap/search-key.js'

export function asksModSeq(key: SearchKey): boolean {
  if (key.kind === 'modseq') return true
  if (key.kind === 'not') return asksModSeq(key.key)
  return key.kind === 'and' || key.kind === 'or' ? key.keys.some(asksModSeq) : false
}
