/** BINARY[section]<partial> and BINARY.SIZE[section]: parts with their transfer encoding taken off. RFC 3516 §4 */
import type { PartLayout } from '../../mime/layout.js'
import { partAt } from '../../mime/sections.js'
import { decodeBody, isKnownEncoding } from '../../mime/transfer-encoding.js'
import type { Partial } from '../../syntax/imap/section.js'
import { literalHead } from '../../syntax/imap/string.js'
import { No } from './answers.js'
import type { FetchedMessage, ItemWriter } from './fetched-message.js'
import { cut } from './section-items.js'

export function binaryItem(path: readonly number[], partial: Partial | undefined): ItemWriter {
  const label = `BINARY[${path.join('.')}]${partial === undefined ? '' : `<${partial.offset}>`} `
  return (message, out) => {
    const content = cut(decoded(message, path), partial)
    out.text(label)
    if (content === undefined) out.text('NIL')
    else {
      out.text(literalHead(content.length, content.includes(0)))
      out.bytes(content)
    }
  }
}

export function binarySizeItem(path: readonly number[]): ItemWriter {
  const label = `BINARY.SIZE[${path.join('.')}] `
  return (message, out) => out.text(`${label}${decoded(message, path)?.length ?? 0}`)
}

/** undefined: there is no such part. @throws No UNKNOWN-CTE, RFC 3516 §4.3 */
function decoded({ text }: FetchedMessage, path: readonly number[]): Buffer | undefined {
  const { bytes, layout } = text
  if (path.length === 0) return bytes
  const part: PartLayout | undefined = partAt(layout, path)
  if (part === undefined) return undefined
  const body = bytes.subarray(part.headerEnd, part.bodyEnd)
  if (part.kind !== 'leaf') return body
  if (!isKnownEncoding(part.encoding)) throw new No('Unknown content transfer encoding', 'UNKNOWN-CTE')
  return decodeBody(body, part.encoding)
}
