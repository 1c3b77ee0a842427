/** Header text as people read it: encoded words decoded, bare 8-bit octets understood. RFC 2047 */
import { decodeBase64 } from './base64.js'
import { decodeCharset, guess } from './charset.js'
import { decodeQ } from './quoted-printable.js'

/** encoded-word, a little wider than RFC 2047 §2: spaces may stand in the text, as many programs write them. */
const encodedWord = /=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=/g

/**
 * Decodes an unfolded field value given as latin1 text. White space between two encoded words goes (§6.2); words of one
 * charset that follow each other are decoded together, as some programs cut characters in two. Never throws.
 */
export function decodeText(raw: string): string {
  if (!raw.includes('=?')) return plain(raw)
  let text = ''
  let from = 0
  let pending: { charset: string; octets: Buffer[] } | undefined
  const flush = (): void => {
    if (pending) text += decodeCharset(Buffer.concat(pending.octets), pending.charset)
    pending = undefined
  }
  for (const match of raw.matchAll(encodedWord)) {
    const [word, charset = '', encoding = '', content = ''] = match
    const between = raw.slice(from, match.index)
    if (!pending || /\S/.test(between)) {
      flush()
      text += plain(between)
    }
    const octets = /q/i.test(encoding) ? decodeQ(content) : decodeBase64(Buffer.from(content, 'latin1'))
    if (pending && pending.charset !== charset.toLowerCase()) flush()
    if (pending) pending.octets.push(octets)
    else pending = { charset: charset.toLowerCase(), octets: [octets] }
    from = match.index + word.length
  }
  flush()
  return text + plain(raw.slice(from))
}

/** Text without encoded words: ASCII as it is; 8-bit as UTF-8 if it is valid (RFC 6532 §3.1), else as windows-1252. */
function plain(raw: string): string {
  for (let at = 0; at < raw.length; at++) if (raw.charCodeAt(at) > 0x7f) return guess(Buffer.from(raw, 'latin1'))
  return raw
}
