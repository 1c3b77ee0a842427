/** What the store refuses, in IMAP's words: the only table of them. RFC 5530 §3, RFC 9051 §7.1 */
import { StoreError, type StoreErrorKind } from '../../store/errors.js'
import { No } from './answers.js'

interface Wording {
  readonly code?: string
  readonly text: string
}

const wording: Record<StoreErrorKind, Wording> = {
  noSuchMailbox: { code: 'NONEXISTENT', text: 'Mailbox does not exist' },
  mailboxExists: { code: 'ALREADYEXISTS', text: 'Mailbox already exists' },
  badMailboxName: { code: 'CANNOT', text: 'Invalid mailbox name' },
  notPermitted: { code: 'NOPERM', text: 'Permission denied' },
  overQuota: { code: 'OVERQUOTA', text: 'Over quota' },
  noSuchQuotaRoot: { code: 'NONEXISTENT', text: 'Quota root does not exist' },
  noSuchPartition: { text: 'Unknown/invalid partition' },
  hasChildren: { code: 'HASCHILDREN', text: 'Mailbox has children' },
  tooManyKeywords: { code: 'LIMIT', text: 'Too many user flags in mailbox' },
  badAcl: { text: 'Invalid identifier or rights' },
  messageGone: { code: 'EXPUNGEISSUED', text: 'Message no longer exists' },
  inUse: { code: 'INUSE', text: 'Mailbox is in use, try again' },
  tooBig: { code: 'TOOBIG', text: 'Message too big' },
  diskFull: { code: 'UNAVAILABLE', text: 'No space left on the server' },
  damaged: { code: 'CORRUPTION', text: 'Mailbox is damaged' },
  unavailable: { code: 'UNAVAILABLE', text: 'System temporarily unavailable' },
}

/** A refusal of the store as the tagged answer. */
export function refusal(kind: StoreErrorKind): No {
  const { code, text } = wording[kind]
  return new No(text, code)
}

/** Whether the error is one that the user is told as it is; undefined: it is our own. */
export function asNo(error: unknown): No | undefined {
  if (error instanceof No) return error
  return error instanceof StoreError ? refusal(error.kind) : undefined
}
