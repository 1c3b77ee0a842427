// Why somebody holds a right on a mailbox: which entries of its ACL give or take it. Pure. RFC 4314 §2, §3.5
import type { AclEntry } from '../../client/imap/acl.js'

/** The rights in the order in which they are shown, and what each allows. RFC 4314 §2.1 */
export const rightMeanings: readonly (readonly [right: string, meaning: string])[] = [
  ['l', 'see the mailbox in lists, subscribe to it'],
  ['r', 'open it, read messages, ask its status'],
  ['s', 'keep which messages were seen'],
  ['w', 'set flags other than seen and deleted'],
  ['i', 'put messages into it'],
  ['p', 'send mail to it'],
  ['k', 'create mailboxes below it'],
  ['x', 'delete it, rename it'],
  ['t', 'mark messages as deleted'],
  ['e', 'expunge messages'],
  ['a', 'administer: set rights'],
  ['n', 'write annotations'],
]

export interface Reason {
  readonly right: string
  readonly meaning: string
  readonly held: boolean
  /** What gives it: identifiers, and `always` for rights that no entry can take away. */
  readonly from: readonly string[]
  /** What takes it away: identifiers with their minus. */
  readonly takenBy: readonly string[]
  /** Entries of groups: they count if the user is a member, which the server alone knows. */
  readonly groups: readonly string[]
}

/** `always`: the rights that the user holds without any entry, as LISTRIGHTS tells them. */
export function reasonsFor(user: string, { acl, always }: { acl: readonly AclEntry[]; always: string }): Reason[] {
  return rightMeanings.map(([right, meaning]) => {
    const naming = acl.filter((entry) => entry.rights.includes(right))
    const mine = (names: readonly string[]): string[] =>
      naming.map((entry) => entry.identifier).filter((identifier) => names.includes(identifier))
    const from = [...(always.includes(right) ? ['always'] : []), ...mine([user, 'anyone'])]
    const takenBy = mine([`-${user}`, '-anyone'])
    const groups = naming.map((entry) => entry.identifier).filter((identifier) => /^-?group:/.test(identifier))
    const held = always.includes(right) || (from.length > 0 && takenBy.length === 0)
    return { right, meaning, held, from, takenBy, groups }
  })
}

/** One line for each right: `r  yes  open it …  (anyone, mary)`. */
export const reasonLines = (reasons: readonly Reason[]): string[] =>
  reasons.map(({ right, meaning, held, from, takenBy, groups }) => {
    const why = [
      ...from,
      ...takenBy.map((identifier) => `taken away by ${identifier}`),
      ...groups.map((group) => (group.startsWith('-') ? `not if in ${group.slice(1)}` : `if in ${group}`)),
    ]
    return `${right}  ${held ? 'yes' : 'no '}  ${meaning.padEnd(42)}${why.length > 0 ? `  (${why.join(', ')})` : ''}`.trimEnd()
  })
