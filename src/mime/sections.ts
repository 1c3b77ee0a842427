/** Which octets of a message a section such as `1.2.MIME` means. RFC 9051 §6.4.5.1 */

/** What both a scanned part and an unpacked layout have. */
export interface SectionPart {
  readonly kind: 'leaf' | 'multipart' | 'message'
  readonly headerStart: number
  readonly headerEnd: number
  readonly bodyEnd: number
  readonly parts: readonly SectionPart[]
}

/** HEADER.FIELDS and HEADER.FIELDS.NOT mean the header that selectFields then cuts down. */
export type SectionKind = '' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME'

export interface Octets {
  readonly start: number
  readonly end: number
}

/** The part with this number; undefined if there is none. An empty path has no part: it is the message. */
export function partAt<P extends SectionPart & { readonly parts: readonly P[] }>(
  root: P,
  path: readonly number[],
): P | undefined {
  let part: P | undefined = root
  path.forEach((number, depth) => {
    if (!part) return
    if (depth === 0) part = numbered(root, number)
    else if (part.kind === 'leaf') part = undefined
    else if (part.kind === 'multipart') part = part.parts[number - 1]
    else part = part.parts[0] && numbered(part.parts[0], number)
  })
  return path.length === 0 ? undefined : part
}

/** The parts of a message that is no multipart: number 1, the message itself. */
function numbered<P extends SectionPart & { readonly parts: readonly P[] }>(message: P, number: number): P | undefined {
  if (message.kind === 'multipart') return message.parts[number - 1]
  return number === 1 ? message : undefined
}

/** The octets of a section, or undefined if the message has no such section. `size` is that of the view. */
export function sectionOctets<P extends SectionPart & { readonly parts: readonly P[] }>(
  root: P,
  { path, text, size }: { path: readonly number[]; text: SectionKind; size: number },
): Octets | undefined {
  if (path.length === 0) {
    if (text === '') return { start: 0, end: size }
    if (text === 'TEXT') return { start: root.headerEnd, end: size }
    return { start: 0, end: root.headerEnd }
  }
  const part = partAt(root, path)
  if (!part) return undefined
  if (text === '') return { start: part.headerEnd, end: part.bodyEnd }
  if (text === 'MIME') return { start: part.headerStart, end: part.headerEnd }
  const inside = part.kind === 'message' ? part.parts[0] : undefined
  if (text === 'TEXT') return inside && { start: inside.headerEnd, end: part.bodyEnd }
  if (text === 'HEADER') return inside && { start: inside.headerStart, end: inside.headerEnd }
  // As Cyrus: fields can be selected from the header of any part that has one.
  const { headerStart: start, headerEnd: end } = inside ?? part
  return end > start ? { start, end } : undefined
}
