/** What a mailbox may be for. RFC 6154 §2, RFC 8457 §2 */
import { No } from './answers.js'

/** \All and \Flagged are views that this server does not have. */
const uses = new Map(
  ['\\Archive', '\\Drafts', '\\Important', '\\Junk', '\\Sent', '\\Trash'].map((use) => [use.toLowerCase(), use]),
)

/** One attribute, in any case. @throws No USEATTR, RFC 6154 §3 */
export function readUse(word: string): string {
  const use = uses.get(word.toLowerCase())
  if (use === undefined) throw new No(`Cannot use ${word.replace(/[^\x21-\x7e]/g, '?')}`, 'USEATTR')
  return use
}

/** Several, separated by spaces. @throws No USEATTR */
export function readUses(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(readUse)
}
