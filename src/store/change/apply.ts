/** The one function that applies a change inside a transaction. */
import type { SafePlace } from '../spool/safe-place.js'
import { append } from './append.js'
import type { Change, Outcomes } from './change.js'
import { copy, type StagedCopies } from './copy.js'
import { createMailbox } from './create-mailbox.js'
import { deleteMailbox } from './delete-mailbox.js'
import { expunge } from './expunge.js'
import { forgetDelivered, forgetExpunged } from './forget.js'
import { renameMailbox } from './rename-mailbox.js'
import { setAcl } from './set-acl.js'
import { setFlags } from './set-flags.js'
import { removeQuota, setQuota } from './set-quota.js'
import { markPop3, markRecent, setAnnotation, setOptions, setSpecialUse, subscribe } from './small-changes.js'
import type { Transaction } from './transaction.js'

/** What was made ready on disk before the transaction. */
export interface Prepared {
  /** Which change of the round it is. */
  readonly number: number
  /** Of an append: where its bytes are safe. */
  readonly bytes?: SafePlace
  /** Of a copy: its files. */
  readonly copies?: StagedCopies
}

/** @throws StoreError, before anything was written; anything else is a fault, and the transaction must be undone. */
export function apply(tx: Transaction, change: Change, prepared: Prepared): Outcomes[Change['kind']] {
  switch (change.kind) {
    case 'append':
      return append(tx, change, { bytes: need(prepared.bytes), number: prepared.number })
    case 'setFlags':
      return setFlags(tx, change)
    case 'expunge':
      return expunge(tx, change)
    case 'copy':
      return copy(tx, change, need(prepared.copies))
    case 'createMailbox':
      return createMailbox(tx, change)
    case 'renameMailbox':
      return renameMailbox(tx, change)
    case 'deleteMailbox':
      return deleteMailbox(tx, change)
    case 'setAcl':
      return setAcl(tx, change)
    case 'setQuota':
      return setQuota(tx, change)
    case 'removeQuota':
      return removeQuota(tx, change)
    case 'subscribe':
      return subscribe(tx, change)
    case 'setAnnotation':
      return setAnnotation(tx, change)
    case 'setSpecialUse':
      return setSpecialUse(tx, change)
    case 'markRecent':
      return markRecent(tx, change)
    case 'markPop3':
      return markPop3(tx, change)
    case 'setOptions':
      return setOptions(tx, change)
    case 'forgetExpunged':
      return forgetExpunged(tx, change)
    case 'forgetDelivered':
      return forgetDelivered(tx, change)
  }
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a change was applied before its bytes were safe')
  return value
}
