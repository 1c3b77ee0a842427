/** The charset of a query's texts. RFC 9051 §6.4.4 */
import { decodeCharset, isKnownCharset } from '../../../mime/charset.js'
import { No } from '../answers.js'

/** Reads octets of the query as text; what is malformed becomes U+FFFD and finds nothing. @throws No BADCHARSET */
export function queryDecoder(charset: string | undefined): (text: Buffer) => string {
  if (charset !== undefined && !isKnownCharset(charset)) {
    throw new No('Unrecognized character set', 'BADCHARSET (US-ASCII UTF-8 ISO-8859-1)')
  }
  return (text) => decodeCharset(text, charset ?? 'UTF-8')
}
