/** Store errors in POP3's words. RFC 2449 §8, RFC 3206 */
import type { StoreErrorKind } from '../../store/errors.js'
import type { ResponseCode } from '../../syntax/pop3/reply.js'

export const pop3Code: Record<StoreErrorKind, ResponseCode | undefined> = {
  noSuchMailbox: 'SYS/PERM',
  mailboxExists: undefined,
  badMailboxName: 'SYS/PERM',
  notPermitted: 'SYS/PERM',
  overQuota: 'SYS/TEMP',
  noSuchQuotaRoot: undefined,
  noSuchPartition: undefined,
  hasChildren: undefined,
  tooManyKeywords: undefined,
  badAcl: undefined,
  messageGone: undefined,
  inUse: 'IN-USE',
  tooBig: 'SYS/PERM',
  diskFull: 'SYS/TEMP',
  damaged: 'SYS/TEMP',
  unavailable: 'SYS/TEMP',
}
