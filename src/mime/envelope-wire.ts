/** ENVELOPE as it goes over the wire. RFC 9051 §7.5.2 */
import type { Address } from './address.js'
import { fieldAddresses } from './envelope.js'
import { fieldText } from './field-text.js'
import type { FieldPositions, KnownField } from './known-fields.js'
import type { MessageStructure } from './structure.js'
import { newWire, put, putNstring, type Wire, wireBytes } from './wire.js'

/** `(date subject … message-id)`, to stand after `ENVELOPE ` in a FETCH answer. */
export function envelopeWire(view: Buffer, structure: MessageStructure): Buffer {
  const wire = newWire()
  putEnvelope(wire, view, structure.fields)
  return wireBytes(wire)
}

/** Appends the envelope of the message whose header these fields are. */
export function putEnvelope(wire: Wire, view: Buffer, fields: FieldPositions): void {
  const text = (name: KnownField): void => putNstring(wire, fieldText(view, fields, name))
  const list = (name: KnownField): void => putAddresses(wire, fieldAddresses(view, fields, name))
  const from = fieldAddresses(view, fields, 'from')
  const orFrom = (name: KnownField): void => {
    const own = fieldAddresses(view, fields, name)
    putAddresses(wire, own.length === 0 ? from : own)
  }
  put(wire, '(')
  text('date')
  put(wire, ' ')
  text('subject')
  put(wire, ' ')
  putAddresses(wire, from)
  put(wire, ' ')
  orFrom('sender')
  put(wire, ' ')
  orFrom('reply-to')
  for (const name of ['to', 'cc', 'bcc'] as const) {
    put(wire, ' ')
    list(name)
  }
  put(wire, ' ')
  text('in-reply-to')
  put(wire, ' ')
  text('message-id')
  put(wire, ')')
}

/** `((name route mailbox host)(…))` or NIL for an empty list. */
function putAddresses(wire: Wire, addresses: readonly Address[]): void {
  if (addresses.length === 0) {
    put(wire, 'NIL')
    return
  }
  put(wire, '(')
  for (const { name, route, mailbox, host } of addresses) {
    put(wire, '(')
    putNstring(wire, name)
    put(wire, ' ')
    putNstring(wire, route)
    put(wire, ' ')
    putNstring(wire, mailbox)
    put(wire, ' ')
    putNstring(wire, host)
    put(wire, ')')
  }
  put(wire, ')')
}
