/** What a user may be told when the store refuses: a small closed set, put into words by each protocol in one table. */

export type StoreErrorKind =
  | 'noSuchMailbox'
  | 'mailboxExists'
  | 'badMailboxName'
  | 'notPermitted'
  | 'overQuota'
  | 'noSuchQuotaRoot'
  | 'noSuchPartition'
  | 'hasChildren'
  | 'tooManyKeywords'
  | 'badAcl'
  | 'messageGone'
  | 'inUse'
  | 'tooBig'
  | 'diskFull'
  | 'damaged'
  | 'unavailable'

/** `message` names the object, the cause and, where there is one, the remedy. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind

  constructor(kind: StoreErrorKind, message: string) {
    super(message)
    this.name = 'StoreError'
    this.kind = kind
  }
}
