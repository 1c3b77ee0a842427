/** What one message is sorted by. RFC 5256 §3, RFC 5957 §3 */
import { readAddresses } from '../../../mime/address.js'
import { baseSubject } from '../../../mime/base-subject.js'
import { fold } from '../../../mime/casemap.js'
import { readDate } from '../../../mime/date.js'
import { displayName, firstAddress } from '../../../mime/display-name.js'
import type { MessageRecord } from '../../../store/message-record.js'
import type { SortCriterion, SortKey } from '../../../syntax/imap/search-program.js'
import type { MessageText } from '../message-text.js'

/** Texts folded for comparison, or numbers; one for each criterion. */
export type SortValue = string | number

type Rule = (record: MessageRecord, text: MessageText) => SortValue

const rules: Record<SortCriterion, Rule> = {
  ARRIVAL: (record) => record.internalDate,
  CC: (_, text) => mailboxOf(text, 'cc'),
  DATE: sentTime,
  DISPLAYFROM: (_, text) => displayOf(text, 'from'),
  DISPLAYTO: (_, text) => displayOf(text, 'to'),
  FROM: (_, text) => mailboxOf(text, 'from'),
  SIZE: (record) => record.size,
  SUBJECT: (_, text) => subjectOf(text),
  TO: (_, text) => mailboxOf(text, 'to'),
}

export function sortValues(keys: readonly SortKey[], record: MessageRecord, text: MessageText): SortValue[] {
  return keys.map(({ criterion }) => rules[criterion](record, text))
}

/** Sent date and time in UTC, seconds; INTERNALDATE where there is none. RFC 5256 §2.2 */
export function sentTime(record: MessageRecord, text: MessageText): number {
  return readDate(text.fields('date', 1)[0] ?? '')?.time ?? record.internalDate
}

export function subjectOf(text: MessageText): string {
  return fold(baseSubject(text.fields('subject', 1)[0] ?? '').text)
}

/** The mailbox (local part) of the first address. RFC 5256 §3 */
function mailboxOf(text: MessageText, field: string): string {
  const address = firstAddress(readAddresses(text.fields(field, 1)[0] ?? ''))
  return fold(address?.mailbox ?? '')
}

function displayOf(text: MessageText, field: string): string {
  const address = firstAddress(readAddresses(text.fields(field, 1)[0] ?? ''))
  return address === undefined ? '' : fold(displayName(address))
}

/** Negative, 0 or positive: which comes first; messages that are equal in all keys keep their order. RFC 5256 §3 */
export function compareSortValues(keys: readonly SortKey[], a: readonly SortValue[], b: readonly SortValue[]): number {
  for (let at = 0; at < keys.length; at++) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0]
    if (x === y) continue
    return (x < y ? -1 : 1) * (keys[at]?.reverse === true ? -1 : 1)
  }
  return 0
}
