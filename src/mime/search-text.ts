/** SEARCH in headers and texts: decoded, folded, and seen through transfer encodings, charsets and HTML. RFC 9051 §6.4.4 */
import { fold, mergeSpace } from './casemap.js'
import { decodeCharset } from './charset.js'
import { decodeText } from './encoded-word.js'
import { fieldValues, type HeaderRange } from './header.js'
import { htmlText } from './html-text.js'
import type { PartLayout } from './layout.js'
import { decodeBody } from './transfer-encoding.js'

/** What to look for, folded once. */
export interface Needle {
  readonly text: string
  /** Its longest word if it has several: a text without it need not have its white space merged. */
  readonly word: string | undefined
}

/** The empty string is found in every text. */
export function needleOf(text: string): Needle {
  const folded = mergeSpace(fold(text))
  const words = folded.split(' ')
  const word =
    words.length < 2 ? undefined : words.reduce((longest, each) => (each.length > longest.length ? each : longest))
  return { text: folded, word }
}

/** Of each text part and of each header only so many octets, as they stand in the message, are looked at: some 20 ms. */
export const SEARCHED_OCTETS = 2 * 1024 * 1024
export const SEARCHED_HEADER_OCTETS = 256 * 1024

/** Whether a decoded text holds the needle. */
export function matches(text: string, { text: needle, word }: Needle): boolean {
  if (needle === '') return true
  const folded = fold(text)
  if (word === undefined) return folded.includes(needle)
  return folded.includes(word) && mergeSpace(folded).includes(needle)
}

/** HEADER name needle: a field with this name holds it; with the empty needle, there is one. */
export function headerMatches(
  view: Buffer,
  header: HeaderRange,
  { name, needle }: { name: string; needle: Needle },
): boolean {
  return fieldValues(view, header, { name }).some((value) => matches(decodeText(value), needle))
}

/** BODY needle: one of the message's texts, or the header of a message in it, holds it. */
export function bodyMatches(view: Buffer, layout: PartLayout, needle: Needle): boolean {
  for (const text of partTexts(view, layout)) if (matches(text, needle)) return true
  return false
}

/** TEXT needle: the header or the body holds it. */
export function textMatches(view: Buffer, layout: PartLayout, needle: Needle): boolean {
  return matches(headerText(view, layout), needle) || bodyMatches(view, layout, needle)
}

/** A whole header as decoded text, one field a line. */
export function headerText(view: Buffer, { headerStart, headerEnd }: PartLayout): string {
  const raw = view.toString('latin1', headerStart, Math.min(headerEnd, headerStart + SEARCHED_HEADER_OCTETS))
  return decodeText(raw.replace(/\r?\n(?=[ \t])/g, ''))
}

/** The decoded texts of a message's parts in their order, HTML as text; of messages inside also the headers. */
export function* partTexts(view: Buffer, part: PartLayout): Generator<string> {
  if (part.kind === 'leaf') {
    if (part.type === 'TEXT') yield partText(view, part)
    return
  }
  for (const child of part.parts) {
    if (part.kind === 'message') yield headerText(view, child)
    yield* partTexts(view, child)
  }
}

/** The decoded text of one text part. */
export function partText(view: Buffer, part: PartLayout): string {
  const body = view.subarray(part.headerEnd, Math.min(part.bodyEnd, part.headerEnd + SEARCHED_OCTETS))
  const text = decodeCharset(decodeBody(body, part.encoding), part.charset)
  return part.subtype === 'HTML' ? htmlText(text) : text
}
