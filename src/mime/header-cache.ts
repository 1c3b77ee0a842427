/** The header fields that the cache keeps, so that clients' usual HEADER.FIELDS need no message file. */
import { type FieldNames, fieldNames, type HeaderRange, selectFields } from './header.js'

/** What mail programs ask for to draw a list of messages, and what SEARCH, SORT and THREAD look at. In lower case. */
export const cachedFieldNames: readonly string[] = [
  'bcc',
  'cc',
  'content-class',
  'content-language',
  'content-transfer-encoding',
  'content-type',
  'date',
  'delivered-to',
  'disposition-notification-to',
  'followup-to',
  'from',
  'importance',
  'in-reply-to',
  'list-archive',
  'list-help',
  'list-id',
  'list-owner',
  'list-post',
  'list-subscribe',
  'list-unsubscribe',
  'mail-followup-to',
  'mail-reply-to',
  'message-id',
  'mime-version',
  'newsgroups',
  'organization',
  'precedence',
  'priority',
  'references',
  'reply-to',
  'resent-from',
  'return-path',
  'sender',
  'subject',
  'to',
  'user-agent',
  'x-label',
  'x-mailer',
  'x-mozilla-draft-info',
  'x-mozilla-status',
  'x-mozilla-status2',
  'x-original-to',
  'x-priority',
  'x-spam-flag',
  'x-spam-level',
  'x-spam-status',
]

const cachedNames: FieldNames = fieldNames(cachedFieldNames)
const cachedSet: ReadonlySet<string> = new Set(cachedFieldNames)

/** Selected fields longer than this, in octets, are not worth a place in the cache. */
export const LONGEST_CACHED_HEADER = 16_384

/** The cached fields of a header as they stand, with a blank line; undefined if they are too long to keep. */
export function headerCache(view: Buffer, header: HeaderRange): Buffer | undefined {
  const cached = selectFields(view, header, { names: cachedNames, keep: 'named' })
  return cached.length > LONGEST_CACHED_HEADER ? undefined : cached
}

/** Whether HEADER.FIELDS with these names can be answered from the cached fields alone. */
export function areCached(names: readonly string[]): boolean {
  return names.every((name) => cachedSet.has(name.toLowerCase()))
}
