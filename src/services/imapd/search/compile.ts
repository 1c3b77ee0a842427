/** From search keys to tests. RFC 9051 §6.4.4, RFC 5032, RFC 7162 §3.1.5, RFC 8474 §6, RFC 8514 §4.3 */

import { type Needle, needleOf } from '../../../mime/search-text.js'
import type { Mailbox, UidRange } from '../../../store/types.js'
import { systemFlags } from '../../../store/types.js'
import { hasUid, intersection } from '../../../store/uid-ranges.js'
import type { SearchKey } from '../../../syntax/imap/search-key.js'
import { emailId, threadId } from '../object-id.js'
import type { SelectedMailbox } from '../selected.js'
import type { MessageTest } from './candidate.js'

export interface SearchGround {
  readonly mailbox: Mailbox
  readonly selected: SelectedMailbox
  /** Text of the query as its charset says. */
  readonly decode: (text: Buffer) => string
  /** Milliseconds since 1970. */
  readonly now: number
}

const DAY = 86_400_000

export function compileSearch(key: SearchKey, ground: SearchGround): MessageTest {
  switch (key.kind) {
    case 'all':
    case 'saveDateSupported':
      return { cost: 0, holds: () => true }
    case 'flag':
      return flagTest(systemFlags.get(key.flag) ?? 0, key.set)
    case 'recent':
      return { cost: 0, holds: ({ recent }) => recent === key.set }
    case 'keyword':
      return keywordTest(key, ground)
    case 'header':
      return headerTest(key.field, needleOf(ground.decode(key.text)))
    case 'body':
    case 'text':
      return textTest(key.kind, needleOf(ground.decode(key.text)))
    case 'date':
      return dateTest(key)
    case 'larger':
      return { cost: 0, holds: ({ record }) => record.size > key.octets }
    case 'smaller':
      return { cost: 0, holds: ({ record }) => record.size < key.octets }
    case 'older':
      return { cost: 0, holds: ({ record }) => record.internalDate * 1000 <= ground.now - key.seconds * 1000 }
    case 'younger':
      return { cost: 0, holds: ({ record }) => record.internalDate * 1000 >= ground.now - key.seconds * 1000 }
    case 'modseq':
      return { cost: 0, holds: ({ modSeq }) => BigInt(modSeq) >= key.modSeq }
    case 'emailid':
      return { cost: 0, holds: ({ record }) => emailId(record) === key.id }
    case 'threadid':
      return { cost: 0, holds: ({ record }) => threadId(record) === key.id }
    case 'uid':
    case 'sequence': {
      const uids = ground.selected.resolve(key.set, key.kind === 'uid' ? 'uid' : 'number')
      return { cost: 0, holds: ({ record }) => hasUid(uids, record.uid) }
    }
    case 'not': {
      const { cost, holds } = compileSearch(key.key, ground)
      return { cost, holds: (candidate) => !holds(candidate) }
    }
    case 'and':
    case 'or':
      return combine(key.kind, cheapestFirst(key.keys.map((each) => compileSearch(each, ground))))
  }
}

/** Where to look at all: what sets among the keys that must all hold leave over. */
export function searchedUids(key: SearchKey, selected: SelectedMailbox): readonly UidRange[] {
  if (key.kind === 'uid') return selected.resolve(key.set, 'uid')
  if (key.kind === 'sequence') return selected.resolve(key.set, 'number')
  if (key.kind !== 'and') return selected.uids
  return key.keys.reduce((uids, each) => intersection(uids, searchedUids(each, selected)), selected.uids)
}

function cheapestFirst(tests: readonly MessageTest[]): MessageTest[] {
  return tests.toSorted((a, b) => a.cost - b.cost)
}

function combine(kind: 'and' | 'or', tests: readonly MessageTest[]): MessageTest {
  const cost = tests[tests.length - 1]?.cost ?? 0
  if (kind === 'and') return { cost, holds: (candidate) => tests.every(({ holds }) => holds(candidate)) }
  return { cost, holds: (candidate) => tests.some(({ holds }) => holds(candidate)) }
}

function flagTest(bit: number, set: boolean): MessageTest {
  return { cost: 0, holds: ({ flags }) => ((flags & bit) !== 0) === set }
}

/** Keywords are compared without case. RFC 9051 §2.3.2 */
function keywordTest(key: { readonly keyword: string; readonly set: boolean }, { mailbox }: SearchGround): MessageTest {
  const wanted = key.keyword.toLowerCase()
  const number = mailbox.keywords.findIndex((keyword) => keyword.toLowerCase() === wanted)
  return { cost: 0, holds: ({ record }) => (number >= 0 && record.hasKeyword(number)) === key.set }
}

function headerTest(field: string, needle: Needle): MessageTest {
  return { cost: 1, holds: ({ text }) => text.headerHolds(field, needle) }
}

function textTest(where: 'body' | 'text', needle: Needle): MessageTest {
  if (needle.text === '') return { cost: 0, holds: () => true }
  return { cost: 2, holds: ({ text }) => text.holds(where, needle) }
}

function dateTest({ field, compare, day }: Extract<SearchKey, { kind: 'date' }>): MessageTest {
  const holds = (time: number): boolean =>
    compare === 'before' ? time < day : compare === 'since' ? time >= day : time >= day && time < day + DAY
  if (field === 'sent') return { cost: 1, holds: ({ text }) => holds(text.sentDay) }
  if (field === 'saved') return { cost: 0, holds: ({ record }) => holds(record.saveDate * 1000) }
  return { cost: 0, holds: ({ record }) => holds(record.internalDate * 1000) }
}
