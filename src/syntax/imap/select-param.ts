// select-param: CONDSTORE and QRESYNC; and the modifiers of FETCH and STORE.

import { Bad } from './bad.js'
import { readListOf } from './list-of.js'
import type { Reader } from './reader.js'
import { readUidSet, type SequenceRange } from './sequence-set.js'

export interface QresyncParameters {
  readonly uidValidity: number
  readonly modSeq: bigint
  /** undefined: 1:* is meant. */
  readonly knownUids: readonly SequenceRange[] | undefined
  /** Sequence numbers and the UIDs that the client thinks they have. */
  readonly match: { readonly numbers: readonly SequenceRange[]; readonly uids: readonly SequenceRange[] } | undefined
}

export interface SelectParameters {
  readonly condstore: boolean
  readonly qresync: QresyncParameters | undefined
}

/** [SP "(" select-param *(SP select-param) ")"]  RFC 7162 §7 */
export function readSelectParameters(input: Reader): SelectParameters {
  let condstore = false
  let qresync: QresyncParameters | undefined
  if (input.peek() === 0x20 && input.peekAt(1) === 0x28) {
    input.space()
    readListOf(input, (each) => {
      if (each.acceptWord('CONDSTORE')) condstore = true
      else if (each.acceptWord('QRESYNC')) qresync = readQresync(each)
      else throw new Bad(`Invalid SELECT parameter ${each.where()}`)
    })
  }
  return { condstore, qresync }
}

/** SP "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")" */
function readQresync(input: Reader): QresyncParameters {
  input.space()
  input.expect('(')
  const uidValidity = input.nzNumber()
  input.space()
  const modSeq = input.bigNumber()
  if (modSeq === 0n) throw new Bad('Modseq must not be zero')
  let knownUids: QresyncParameters['knownUids']
  if (input.peek() === 0x20 && input.peekAt(1) !== 0x28) {
    input.space()
    knownUids = readUidSet(input)
  }
  const match = input.accept(' ') ? readMatch(input) : undefined
  input.expect(')')
  return { uidValidity, modSeq, knownUids, match }
}

/** seq-match-data = "(" known-sequence-set SP known-uid-set ")" */
function readMatch(input: Reader): NonNullable<QresyncParameters['match']> {
  input.expect('(')
  const numbers = readUidSet(input)
  input.space()
  const uids = readUidSet(input)
  input.expect(')')
  return { numbers, uids }
}

export interface FetchModifiers {
  readonly changedSince: bigint | undefined
  readonly vanished: boolean
}

/** [SP "(" fetch-modifier *(SP fetch-modifier) ")"]  RFC 7162 §7 */
export function readFetchModifiers(input: Reader): FetchModifiers {
  let changedSince: bigint | undefined
  let vanished = false
  if (input.peek() === 0x20 && input.peekAt(1) === 0x28) {
    input.space()
    readListOf(input, (each) => {
      if (each.acceptWord('VANISHED')) vanished = true
      else if (each.acceptWord('CHANGEDSINCE')) {
        each.space()
        changedSince = each.bigNumber()
      } else throw new Bad(`Invalid FETCH modifier ${each.where()}`)
    })
  }
  if (vanished && changedSince === undefined) throw new Bad('VANISHED needs CHANGEDSINCE')
  return { changedSince, vanished }
}

/** ["(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")" SP], before the flags of STORE. RFC 7162 §3.1.3 */
export function readStoreModifiers(input: Reader): bigint | undefined {
  if (input.peek() !== 0x28) return undefined
  let unchangedSince: bigint | undefined
  readListOf(input, (each) => {
    if (!each.acceptWord('UNCHANGEDSINCE')) throw new Bad(`Invalid STORE modifier ${each.where()}`)
    each.space()
    unchangedSince = each.bigNumber()
  })
  input.space()
  return unchangedSince
}
