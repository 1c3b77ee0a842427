/** From bytes in some charset to text. Unknown and wrong charsets give the best guess, never an error. */
import { isAscii, isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** Charsets that are 8-bit supersets of others in practice, and the many names of UTF-8 and ASCII. */
const guessed = new Set([
  '',
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  '646',
  'unknown',
  'unknown-8bit',
  'x-unknown',
  'default',
  'none',
])

/** Whether text in this charset can be read and searched; what SEARCH answers BADCHARSET to is not. */
export function isKnownCharset(charset: string): boolean {
  const name = normalName(charset)
  return guessed.has(name) || twisted.has(name) || decoderFor(name) !== undefined || iconv.encodingExists(name)
}

/** Decodes bytes. What is no valid text becomes U+FFFD; without a usable charset UTF-8 is tried, then windows-1252. */
export function decodeCharset(bytes: Buffer, charset: string): string {
  if (isAscii(bytes) && !hasShifts(bytes)) return bytes.toString('latin1')
  const name = normalName(charset)
  if (name === 'utf-8' || name === 'utf8') return bytes.toString('utf8')
  if (guessed.has(name)) return guess(bytes)
  const untwist = twisted.get(name)
  if (untwist) return untwist(bytes)
  const decoder = decoderFor(name)
  if (decoder) return decoder.encoding === 'windows-1252' ? windows1252(bytes) : decoder.decode(bytes)
  return iconv.encodingExists(name) ? iconv.decode(bytes, name) : guess(bytes)
}

/** Text of which nobody says the charset: header fields with bare 8-bit octets, parts without a charset. */
export function guess(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : windows1252(bytes)
}

/** Also what is called iso-8859-1 and us-ascii. Not with TextDecoder: Node 20's takes 0x80 to 0x9f for control characters. */
function windows1252(bytes: Buffer): string {
  return iconv.decode(bytes, 'windows-1252')
}

/** 7-bit charsets say their shifts with ESC (ISO-2022), SO, ~ (HZ) or + and & (UTF-7); others are plain ASCII. */
function hasShifts(bytes: Buffer): boolean {
  return (
    bytes.includes(0x1b) || bytes.includes(0x0e) || bytes.includes(0x7e) || bytes.includes(0x2b) || bytes.includes(0)
  )
}

/** In lower case, without quotes, spaces and the language of RFC 2231 §5. */
function normalName(charset: string): string {
  return charset
    .slice(0, 60)
    .toLowerCase()
    .replace(/\*.*$|["'\s]/g, '')
}

function decoderFor(name: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(name)
  } catch {
    return undefined
  }
}

/** 7-bit forms of 8-bit charsets that the platform does not read. */
const twisted: ReadonlyMap<string, (bytes: Buffer) => string> = new Map([
  ['iso-2022-kr', (bytes: Buffer) => new TextDecoder('euc-kr').decode(shifted(bytes))],
  ['hz-gb-2312', (bytes: Buffer) => new TextDecoder('gbk').decode(braced(bytes))],
])

/** RFC 1557: SO … SI means the high bit of each octet; the designator line says nothing. */
function shifted(bytes: Buffer): Buffer {
  const octets = Buffer.from(bytes.toString('latin1').replaceAll('\x1b$)C', ''), 'latin1')
  let to = 0
  let high = 0
  for (const byte of octets) {
    if (byte === 0x0e) high = 0x80
    else if (byte === 0x0f) high = 0
    else octets[to++] = byte > 0x20 ? byte | high : byte
  }
  return octets.subarray(0, to)
}

/** RFC 1843: ~{ … ~} means the high bit, ~~ a tilde, ~ at the end of a line nothing. */
function braced(bytes: Buffer): Buffer {
  const octets = Buffer.from(bytes)
  let to = 0
  let high = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte !== 0x7e) octets[to++] = byte > 0x20 ? byte | high : byte
    else {
      const next = bytes[++at]
      if (next === 0x7b) high = 0x80
      else if (next === 0x7d) high = 0
      else if (next === 0x7e) octets[to++] = byte
    }
  }
  return octets.subarray(0, to)
}
