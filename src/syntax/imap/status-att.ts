// status-att: the items of STATUS.

import { Bad } from './bad.js'
import { readListOf, readWordOf } from './list-of.js'
import type { Reader } from './reader.js'

/** RFC 9051 §6.3.11; HIGHESTMODSEQ RFC 7162; SIZE RFC 8438; MAILBOXID RFC 8474; APPENDLIMIT RFC 7889; DELETED RFC 9208. */
export const statusAtts = [
  'MESSAGES',
  'RECENT',
  'UIDNEXT',
  'UIDVALIDITY',
  'UNSEEN',
  'HIGHESTMODSEQ',
  'SIZE',
  'MAILBOXID',
  'APPENDLIMIT',
  'DELETED-STORAGE',
  'DELETED',
] as const
export type StatusAtt = (typeof statusAtts)[number]

const words: ReadonlyMap<string, StatusAtt> = new Map(statusAtts.map((att) => [att, att]))

/** "(" status-att *(SP status-att) ")" */
export function readStatusAtts(input: Reader): StatusAtt[] {
  const atts = readListOf(input, (each) => readWordOf(each, words, 'status item'))
  if (atts.length === 0) throw new Bad('Empty list of status items')
  return [...new Set(atts)]
}
