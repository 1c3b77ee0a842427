/** BODY and BODYSTRUCTURE as they go over the wire. RFC 9051 §7.5.2 */
import { disposition, languages, transferEncoding } from './body-fields.js'
import { putEnvelope } from './envelope-wire.js'
import { fieldText } from './field-text.js'
import type { KnownField } from './known-fields.js'
import type { Parameter } from './parameters.js'
import type { MessageStructure, Part } from './structure.js'
import { newWire, put, putNstring, putNumber, type Wire, wireBytes } from './wire.js'

interface Body {
  readonly wire: Wire
  readonly view: Buffer
  /** With the extension data that only BODYSTRUCTURE has. */
  readonly extended: boolean
}

/** To stand after `BODYSTRUCTURE ` in a FETCH answer. */
export function bodyStructureWire(view: Buffer, structure: MessageStructure): Buffer {
  const wire = newWire()
  putBody({ wire, view, extended: true }, structure)
  return wireBytes(wire)
}

/** To stand after `BODY ` in a FETCH answer. */
export function bodyWire(view: Buffer, structure: MessageStructure): Buffer {
  const wire = newWire()
  putBody({ wire, view, extended: false }, structure)
  return wireBytes(wire)
}

function putBody(body: Body, part: Part): void {
  put(body.wire, '(')
  if (part.kind === 'multipart') putMultipart(body, part)
  else putSinglePart(body, part)
  put(body.wire, ')')
}

function putMultipart(body: Body, part: Part): void {
  const { wire, extended } = body
  for (const child of part.parts) putBody(body, child)
  put(wire, ' ')
  putNstring(wire, part.content.subtype)
  if (!extended) return
  put(wire, ' ')
  putParameters(wire, part.content.parameters)
  putCommonExtension(body, part)
}

function putSinglePart(body: Body, part: Part): void {
  const { wire, view, extended } = body
  const { type, subtype, parameters } = part.content
  putNstring(wire, type)
  put(wire, ' ')
  putNstring(wire, subtype)
  put(wire, ' ')
  putParameters(wire, parameters)
  putText(body, part, 'content-id')
  putText(body, part, 'content-description')
  put(wire, ' ')
  putNstring(wire, transferEncoding(view, part.fields))
  put(wire, ' ')
  putNumber(wire, part.bodyEnd - part.headerEnd)
  const [inside] = part.parts
  if (part.kind === 'message' && inside) {
    put(wire, ' ')
    putEnvelope(wire, view, inside.fields)
    put(wire, ' ')
    putBody(body, inside)
  }
  if (part.kind === 'message' || type === 'TEXT') {
    put(wire, ' ')
    putNumber(wire, part.lines)
  }
  if (!extended) return
  putText(body, part, 'content-md5')
  putCommonExtension(body, part)
}

/** Disposition, language, location. */
function putCommonExtension(body: Body, part: Part): void {
  const { wire, view } = body
  const said = disposition(view, part.fields)
  put(wire, ' ')
  if (said) {
    put(wire, '(')
    putNstring(wire, said.type)
    put(wire, ' ')
    putParameters(wire, said.parameters)
    put(wire, ')')
  } else put(wire, 'NIL')
  put(wire, ' ')
  putLanguages(wire, languages(view, part.fields))
  putText(body, part, 'content-location')
}

function putText({ wire, view }: Body, part: Part, name: KnownField): void {
  put(wire, ' ')
  putNstring(wire, fieldText(view, part.fields, name))
}

function putParameters(wire: Wire, parameters: readonly Parameter[]): void {
  if (parameters.length === 0) {
    put(wire, 'NIL')
    return
  }
  let before = '('
  for (const { name, value } of parameters) {
    put(wire, before)
    putNstring(wire, name)
    put(wire, ' ')
    putNstring(wire, value)
    before = ' '
  }
  put(wire, ')')
}

function putLanguages(wire: Wire, tags: readonly string[]): void {
  if (tags.length === 0) {
    put(wire, 'NIL')
    return
  }
  let before = '('
  for (const tag of tags) {
    put(wire, before)
    putNstring(wire, tag)
    before = ' '
  }
  put(wire, ')')
}
