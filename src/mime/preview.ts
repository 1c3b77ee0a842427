/** The beginning of a message's text, for lists of messages. RFC 8970 */
import { mergeSpace } from './casemap.js'
import { decodeCharset } from './charset.js'
import { htmlText } from './html-text.js'
import type { PartLayout } from './layout.js'
import { decodeBody } from './transfer-encoding.js'

/** In characters. RFC 8970 §3.1 */
const LONGEST = 200
/** Of a part only so many octets are looked at. */
const OCTETS = 16_384

/** The first 200 characters of the first text part that has any, white space merged; empty if there is none. */
export function previewText(view: Buffer, layout: PartLayout): string {
  if (layout.kind === 'leaf') return layout.type === 'TEXT' ? firstText(view, layout) : ''
  for (const part of layout.parts) {
    const text = previewText(view, part)
    if (text !== '') return text
  }
  return ''
}

function firstText(view: Buffer, part: PartLayout): string {
  const body = view.subarray(part.headerEnd, Math.min(part.bodyEnd, part.headerEnd + OCTETS))
  const text = decodeCharset(decodeBody(body, part.encoding), part.charset)
  return [...mergeSpace(part.subtype === 'HTML' ? htmlText(text) : text)].slice(0, LONGEST).join('')
}
