/** Ids of messages that stay the same wherever they lie. RFC 8474 */
import type { MessageRecord } from '../../store/message-record.js'

/** The same for the same bytes. RFC 8474 §5.1 */
export function emailId(record: MessageRecord): string {
  return `M${record.sha1.toString('hex', 0, 12)}`
}

/** The same for all messages of a conversation. RFC 8474 §5.2 */
export function threadId(record: MessageRecord): string {
  return `T${record.threadId.toString('hex')}`
}
