/** Taking the Content-Transfer-Encoding off a body. RFC 2045 §6 */
import { decodeBase64 } from './base64.js'
import { decodeQuotedPrintable } from './quoted-printable.js'

/** Whether `encoding` (upper case) is one that this module, and so BINARY of RFC 3516, can take off. */
export function isKnownEncoding(encoding: string): boolean {
  return ['7BIT', '8BIT', 'BINARY', 'BASE64', 'QUOTED-PRINTABLE'].includes(encoding)
}

/** The decoded body; a body whose encoding changes nothing, or is unknown, comes back as the same Buffer. */
export function decodeBody(body: Buffer, encoding: string): Buffer {
  if (encoding === 'BASE64') return decodeBase64(body)
  if (encoding === 'QUOTED-PRINTABLE') return decodeQuotedPrintable(body)
  return body
}
