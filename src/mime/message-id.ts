/** Message identifiers: that of a message, and those it refers to. RFC 5322 §3.6.4, RFC 5256 §3 */
import { fieldText } from './field-text.js'
import type { FieldPositions } from './known-fields.js'

/** More are not read from one field. */
export const MAX_REFERENCES = 1000
/** Longer ones are not identifiers. In octets, brackets included. */
const LONGEST = 1000

/**
 * All identifiers in the value of Message-ID, References or In-Reply-To, `<left@right>`, in their order, what stands between
 * them passed over. Quotes around the left side that mean nothing are taken off, so that equal identifiers are equal
 * texts. RFC 5256 §3, REFERENCES, step 1
 */
export function readMessageIds(text: string, limit = MAX_REFERENCES): string[] {
  const found: string[] = []
  let open = text.indexOf('<')
  while (open >= 0 && found.length < limit) {
    const close = text.indexOf('>', open)
    if (close < 0) break
    const last = text.lastIndexOf('<', close)
    const id = close - last < LONGEST ? normalId(text.slice(last + 1, close)) : undefined
    if (id !== undefined) found.push(id)
    open = text.indexOf('<', close)
  }
  return found
}

function normalId(inside: string): string | undefined {
  const id = inside.replace(/\s+/g, '')
  const at = id.lastIndexOf('@')
  if (at < 1 || at === id.length - 1) return undefined
  const left = id.slice(0, at)
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(left)?.[1]?.replace(/\\(.)/g, '$1')
  return quoted !== undefined && /^[^\s"(),:;<>@[\\\]]+$/.test(quoted) ? `<${quoted}@${id.slice(at + 1)}>` : `<${id}>`
}

/** The message's own identifier; undefined if the field is missing or holds none. */
export function messageIdOf(view: Buffer, fields: FieldPositions): string | undefined {
  return readMessageIds(fieldText(view, fields, 'message-id') ?? '', 1)[0]
}

/** What threading takes for the ancestors, oldest first: References, or else the first of In-Reply-To. RFC 5256 §3 */
export function referencesOf(view: Buffer, fields: FieldPositions): string[] {
  const references = readMessageIds(fieldText(view, fields, 'references') ?? '')
  return references.length > 0 ? references : readMessageIds(fieldText(view, fields, 'in-reply-to') ?? '', 1)
}
