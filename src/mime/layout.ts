/** The layout of a message's parts as the cache keeps it: all that FETCH of sections and SEARCH in texts need to know. */
import { transferEncoding } from './body-fields.js'
import { parameter } from './content-type.js'
import type { SectionPart } from './sections.js'
import type { MessageStructure, Part } from './structure.js'

export interface PartLayout extends SectionPart {
  readonly parts: readonly PartLayout[]
  /** In upper case, as is `encoding`. */
  readonly type: string
  readonly subtype: string
  readonly encoding: string
  /** As the message says it; empty if it does not. */
  readonly charset: string
}

/** The layout of a scanned message. */
export function layoutOf(view: Buffer, structure: MessageStructure): PartLayout {
  return partLayout(view, structure)
}

function partLayout(view: Buffer, part: Part): PartLayout {
  const { kind, headerStart, headerEnd, bodyEnd, content, fields } = part
  return {
    kind,
    headerStart,
    headerEnd,
    bodyEnd,
    type: content.type,
    subtype: content.subtype,
    encoding: kind === 'multipart' ? '7BIT' : transferEncoding(view, fields),
    charset: (kind === 'leaf' && parameter(content.parameters, 'CHARSET')) || '',
    parts: part.parts.map((child) => partLayout(view, child)),
  }
}

const VERSION = 1
const kinds = ['leaf', 'multipart', 'message'] as const
/** Longer names are cut: no known one is as long. */
const LONGEST_NAME = 127

/**
 * Packed: a version octet, then for each part its kind, three offsets as differences to the one before, four texts with their
 * length, the number of its parts, and these. Numbers have seven bits an octet, the lowest first, the high bit on all but
 * the last; texts are latin1. A message of one part needs about 30 octets.
 */
export function packLayout(layout: PartLayout): Buffer {
  const octets: number[] = [VERSION]
  packPart(octets, layout, 0)
  return Buffer.from(octets)
}

function packPart(octets: number[], part: PartLayout, from: number): void {
  octets.push(kinds.indexOf(part.kind))
  packNumber(octets, part.headerStart - from)
  packNumber(octets, part.headerEnd - part.headerStart)
  packNumber(octets, part.bodyEnd - part.headerEnd)
  for (const text of [part.type, part.subtype, part.encoding, part.charset]) packText(octets, text)
  packNumber(octets, part.parts.length)
  for (const child of part.parts) packPart(octets, child, part.headerStart)
}

function packNumber(octets: number[], value: number): void {
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) octets.push((rest % 0x80) + 0x80)
  octets.push(rest)
}

function packText(octets: number[], text: string): void {
  const length = Math.min(text.length, LONGEST_NAME)
  octets.push(length)
  for (let index = 0; index < length; index++) octets.push(text.charCodeAt(index))
}

/** Reads what packLayout wrote; undefined if the octets are of another version or damaged. */
export function unpackLayout(packed: Buffer): PartLayout | undefined {
  if (packed[0] !== VERSION) return undefined
  const cursor = { packed, at: 1 }
  const root = unpackPart(cursor, { from: 0, depth: 0 })
  return cursor.at === packed.length ? root : undefined
}

interface Unpacking {
  readonly packed: Buffer
  at: number
}

/** Deeper than any scan goes. */
const TOO_DEEP = 1000

function unpackPart(cursor: Unpacking, { from, depth }: { from: number; depth: number }): PartLayout | undefined {
  const kind = kinds[cursor.packed[cursor.at++] ?? kinds.length]
  if (kind === undefined || depth > TOO_DEEP) return undefined
  const headerStart = from + unpackNumber(cursor)
  const headerEnd = headerStart + unpackNumber(cursor)
  const bodyEnd = headerEnd + unpackNumber(cursor)
  const type = unpackText(cursor)
  const subtype = unpackText(cursor)
  const encoding = unpackText(cursor)
  const charset = unpackText(cursor)
  const parts: PartLayout[] = []
  for (let count = unpackNumber(cursor); count > 0; count--) {
    const child = unpackPart(cursor, { from: headerStart, depth: depth + 1 })
    if (!child) return undefined
    parts.push(child)
  }
  return { kind, headerStart, headerEnd, bodyEnd, type, subtype, encoding, charset, parts }
}

function unpackNumber(cursor: Unpacking): number {
  let value = 0
  for (let scale = 1; ; scale *= 0x80) {
    const octet = cursor.packed[cursor.at++] ?? 0
    value += (octet & 0x7f) * scale
    if (octet < 0x80) return value
  }
}

function unpackText(cursor: Unpacking): string {
  const start = cursor.at + 1
  const end = start + (cursor.packed[cursor.at] ?? 0)
  cursor.at = end
  return cursor.packed.toString('latin1', start, end)
}
