/** The header fields that the structure, the envelope and the threads need, found by length and bytes, without strings. */

/** The order is that of the numbers by which a part's `fields` are indexed. */
const names = [
  'date',
  'subject',
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'in-reply-to',
  'message-id',
  'references',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'content-description',
  'content-md5',
  'content-language',
  'content-location',
  'mime-version',
] as const

export type KnownField = (typeof names)[number]

/** For each known field two numbers, start and end of its value in the view; 0, 0 where the field is missing. */
export type FieldPositions = readonly number[]

const byName = new Map<KnownField, number>(names.map((name, index) => [name, index]))
const longest = Math.max(...names.map((name) => name.length))
/** By length of the name: the candidates, mostly one. */
const byLength: readonly { index: number; bytes: Uint8Array }[][] = Array.from({ length: longest + 1 }, (_, length) =>
  names.flatMap((name, index) => (name.length === length ? [{ index, bytes: Buffer.from(name) }] : [])),
)
const lowerCase = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte))
const COLON = 0x3a

/** Of the value of a known field only so many octets are looked at: a hostile header costs bounded time and answers. */
export const LONGEST_FIELD = 1024 * 1024

export function noFields(): number[] {
  return new Array<number>(names.length * 2).fill(0)
}

/** Content-Type and all after it are fields that describe the body. */
export function forgetBodyFields(fields: number[]): void {
  fields.fill(0, 2 * names.indexOf('content-type'))
}

/** The number of the known field that this line starts, or -1. The colon must follow the name at once. */
export function knownFieldAt(view: Buffer, line: number, end: number): number {
  const limit = Math.min(end, line + longest + 1)
  let colon = line
  while (colon < limit && view[colon] !== COLON) colon++
  if (colon === limit) return -1
  for (const { index, bytes } of byLength[colon - line] ?? []) if (hasName(view, line, bytes)) return index
  return -1
}

function hasName(view: Buffer, line: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at++) if (lowerCase[view[line + at] as number] !== name[at]) return false
  return true
}

/** Where the value of a field stands: after the colon, before the line end of its last line, still folded. */
export function fieldRange(fields: FieldPositions, name: KnownField): { start: number; end: number } | undefined {
  const at = 2 * (byName.get(name) ?? 0)
  const start = fields[at] ?? 0
  return start === 0 ? undefined : { start, end: Math.min(fields[at + 1] ?? 0, start + LONGEST_FIELD) }
}
