// search-key: what SEARCH, SORT and THREAD look for, as a tree.

import { Bad } from './bad.js'
import { readDate } from './date-time.js'
import type { Reader } from './reader.js'
import { readSequenceSet, type SequenceSet } from './sequence-set.js'
import { readAstring } from './string.js'

export type DateField = 'internal' | 'sent' | 'saved'

/** `text` values are octets in the search's charset. Dates are a day's start in UTC, in ms. RFC 9051 §6.4.4 */
export type SearchKey =
  | { readonly kind: 'all' }
  | { readonly kind: 'flag'; readonly flag: string; readonly set: boolean }
  | { readonly kind: 'recent'; readonly set: boolean }
  | { readonly kind: 'keyword'; readonly keyword: string; readonly set: boolean }
  | { readonly kind: 'header'; readonly field: string; readonly text: Buffer }
  | { readonly kind: 'body' | 'text'; readonly text: Buffer }
  | {
      readonly kind: 'date'
      readonly field: DateField
      readonly compare: 'before' | 'on' | 'since'
      readonly day: number
    }
  | { readonly kind: 'larger' | 'smaller'; readonly octets: number }
  | { readonly kind: 'older' | 'younger'; readonly seconds: number }
  | { readonly kind: 'modseq'; readonly modSeq: bigint }
  | { readonly kind: 'emailid' | 'threadid'; readonly id: string }
  | { readonly kind: 'saveDateSupported' }
  | { readonly kind: 'uid' | 'sequence'; readonly set: SequenceSet }
  | { readonly kind: 'not'; readonly key: SearchKey }
  | { readonly kind: 'or' | 'and'; readonly keys: readonly SearchKey[] }

/** Deepest nesting of NOT, OR and parentheses, and most keys in one search. */
const DEEPEST = 64
const MOST_KEYS = 5000

interface Budget {
  left: number
}
type Rule = (input: Reader, depth: number, budget: Budget) => SearchKey

const flag = (name: string, set: boolean): SearchKey => ({ kind: 'flag', flag: name, set })
const constant =
  (key: SearchKey): Rule =>
  () =>
    key
/** A rule whose one argument follows a space. */
const argument =
  (rule: (input: Reader) => SearchKey): Rule =>
  (input) => {
    input.space()
    return rule(input)
  }
const header = (field: string): Rule =>
  argument((input) => ({ kind: 'header', field, text: readAstring(input) }) as const)
const date = (field: DateField, compare: 'before' | 'on' | 'since'): Rule =>
  argument((input) => ({ kind: 'date', field, compare, day: readDate(input) }) as const)
const keyword = (set: boolean): Rule =>
  argument((input) => ({ kind: 'keyword', keyword: input.atom('a keyword'), set }) as const)
const octets = (kind: 'larger' | 'smaller'): Rule =>
  argument((input) => ({ kind, octets: input.number(Number.MAX_SAFE_INTEGER) }) as const)
const seconds = (kind: 'older' | 'younger'): Rule => argument((input) => ({ kind, seconds: input.nzNumber() }) as const)
const objectId = (kind: 'emailid' | 'threadid'): Rule =>
  argument((input) => ({ kind, id: input.atom('an object id') }) as const)

const rules = new Map<string, Rule>([
  ['ALL', constant({ kind: 'all' })],
  ['ANSWERED', constant(flag('\\Answered', true))],
  ['BCC', header('BCC')],
  ['BEFORE', date('internal', 'before')],
  ['BODY', argument((input) => ({ kind: 'body', text: readAstring(input) }))],
  ['CC', header('CC')],
  ['DELETED', constant(flag('\\Deleted', true))],
  ['DRAFT', constant(flag('\\Draft', true))],
  ['EMAILID', objectId('emailid')],
  ['FLAGGED', constant(flag('\\Flagged', true))],
  ['FROM', header('FROM')],
  ['HEADER', readHeaderKey],
  ['KEYWORD', keyword(true)],
  ['LARGER', octets('larger')],
  ['MODSEQ', argument(readModSeqKey)],
  ['NEW', constant({ kind: 'and', keys: [{ kind: 'recent', set: true }, flag('\\Seen', false)] })],
  ['NOT', (input, depth, budget) => ({ kind: 'not', key: readNext(input, depth, budget) })],
  ['OLD', constant({ kind: 'recent', set: false })],
  ['OLDER', seconds('older')],
  ['ON', date('internal', 'on')],
  [
    'OR',
    (input, depth, budget) => ({
      kind: 'or',
      keys: [readNext(input, depth, budget), readNext(input, depth, budget)],
    }),
  ],
  ['RECENT', constant({ kind: 'recent', set: true })],
  ['SAVEDATESUPPORTED', constant({ kind: 'saveDateSupported' })],
  ['SAVEDBEFORE', date('saved', 'before')],
  ['SAVEDON', date('saved', 'on')],
  ['SAVEDSINCE', date('saved', 'since')],
  ['SEEN', constant(flag('\\Seen', true))],
  ['SENTBEFORE', date('sent', 'before')],
  ['SENTON', date('sent', 'on')],
  ['SENTSINCE', date('sent', 'since')],
  ['SINCE', date('internal', 'since')],
  ['SMALLER', octets('smaller')],
  ['SUBJECT', header('SUBJECT')],
  ['TEXT', argument((input) => ({ kind: 'text', text: readAstring(input) }))],
  ['THREADID', objectId('threadid')],
  ['TO', header('TO')],
  ['UID', argument((input) => ({ kind: 'uid', set: readSequenceSet(input) }))],
  ['UNANSWERED', constant(flag('\\Answered', false))],
  ['UNDELETED', constant(flag('\\Deleted', false))],
  ['UNDRAFT', constant(flag('\\Draft', false))],
  ['UNFLAGGED', constant(flag('\\Flagged', false))],
  ['UNKEYWORD', keyword(false)],
  ['UNSEEN', constant(flag('\\Seen', false))],
  ['YOUNGER', seconds('younger')],
])

/** search-key *(SP search-key), up to the end of the command: all of them must hold. */
export function readSearchKeys(input: Reader): SearchKey {
  const key = readKeys(input, 0, { left: MOST_KEYS })
  input.end()
  return key
}

function readKeys(input: Reader, depth: number, budget: Budget): SearchKey {
  const keys = [readKey(input, depth, budget)]
  while (input.peek() === 0x20 && input.peekAt(1) !== undefined) {
    input.skip()
    keys.push(readKey(input, depth, budget))
  }
  return keys.length === 1 && keys[0] !== undefined ? keys[0] : { kind: 'and', keys }
}

function readNext(input: Reader, depth: number, budget: Budget): SearchKey {
  input.space()
  return readKey(input, depth + 1, budget)
}

function readKey(input: Reader, depth: number, budget: Budget): SearchKey {
  if (depth > DEEPEST) throw new Bad('Search nested too deeply')
  if (budget.left-- <= 0) throw new Bad('Too many search keys')
  const next = input.peek()
  if (next === 0x28) return readGroup(input, depth, budget)
  if (next === 0x2a || next === 0x24 || (next !== undefined && next >= 0x30 && next <= 0x39)) {
    return { kind: 'sequence', set: readSequenceSet(input) }
  }
  const where = input.where()
  const rule = rules.get(input.atom('a search key').toUpperCase())
  if (rule === undefined) throw new Bad(`Invalid search key ${where}`)
  return rule(input, depth, budget)
}

function readGroup(input: Reader, depth: number, budget: Budget): SearchKey {
  input.expect('(')
  const key = readKeys(input, depth + 1, budget)
  input.expect(')')
  return key
}

/** "HEADER" SP header-fld-name SP astring */
function readHeaderKey(input: Reader): SearchKey {
  input.space()
  const field = readAstring(input).toString('latin1').toUpperCase()
  input.space()
  return { kind: 'header', field, text: readAstring(input) }
}

/** "MODSEQ" [SP entry-name SP entry-type-req] SP mod-sequence-valzer; one modseq covers all flags. RFC 7162 §3.1.5 */
function readModSeqKey(input: Reader): SearchKey {
  if (input.peek() === 0x22) {
    readAstring(input)
    input.space()
    if (!['priv', 'shared', 'all'].includes(input.atom('an entry type').toLowerCase())) {
      throw new Bad('Invalid entry type')
    }
    input.space()
  }
  return { kind: 'modseq', modSeq: input.bigNumber() }
}
