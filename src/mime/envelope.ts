/** The values of ENVELOPE. RFC 9051 §7.5.2 */
import { type Address, readAddresses } from './address.js'
import { fieldText } from './field-text.js'
import { type FieldPositions, fieldRange, type KnownField } from './known-fields.js'

/** Texts are raw: bytes as latin1, unfolded, encoded words not decoded; undefined where the field is missing. */
export interface Envelope {
  readonly date: string | undefined
  readonly subject: string | undefined
  readonly from: readonly Address[]
  /** Those of From where Sender is missing or empty; likewise replyTo. */
  readonly sender: readonly Address[]
  readonly replyTo: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly inReplyTo: string | undefined
  readonly messageId: string | undefined
}

/** `fields` are those of the message's outermost part, or of the message inside a message/rfc822. */
export function envelopeOf(view: Buffer, fields: FieldPositions): Envelope {
  const addresses = (name: KnownField): Address[] => fieldAddresses(view, fields, name)
  const from = addresses('from')
  const sender = addresses('sender')
  const replyTo = addresses('reply-to')
  return {
    date: fieldText(view, fields, 'date'),
    subject: fieldText(view, fields, 'subject'),
    from,
    sender: sender.length === 0 ? from : sender,
    replyTo: replyTo.length === 0 ? from : replyTo,
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    inReplyTo: fieldText(view, fields, 'in-reply-to'),
    messageId: fieldText(view, fields, 'message-id'),
  }
}

const none: Address[] = []

/** The addresses of a known field; of a field that occurs twice, the last. */
export function fieldAddresses(view: Buffer, fields: FieldPositions, name: KnownField): Address[] {
  const range = fieldRange(fields, name)
  return range ? readAddresses(view.toString('latin1', range.start, range.end)) : none
}
