/** Quoted-printable, read leniently. RFC 2045 §6.7; the Q encoding of RFC 2047 §4.2 */

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const EQUALS = 0x3d
const UNDERSCORE = 0x5f

/** Value of a hexadecimal digit of either case, or 255. */
const hexValue = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase())
  return value < 0 ? 255 : value
})

/**
 * The octets that the text stands for. A `=` that starts neither an octet nor a soft line break stays as it is; white
 * space before a line end goes, as transports may have added it. Never throws; the result is no longer than the input.
 */
export function decodeQuotedPrintable(text: Buffer): Buffer {
  if (!text.includes(EQUALS) && !text.includes(' \r\n') && !text.includes('\t\r\n')) return text
  const octets = Buffer.allocUnsafe(text.length)
  let to = 0
  /** Octets before this were encoded: white space among them stays. */
  let solid = 0
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] as number
    if (byte === EQUALS) {
      const high = hexValue[text[at + 1] ?? 0] as number
      const low = hexValue[text[at + 2] ?? 0] as number
      const next = high === 255 ? pastSoftBreak(text, at + 1) : at
      if (high < 16 && low < 16) {
        octets[to++] = high * 16 + low
        solid = to
        at += 2
        continue
      }
      if (next > at) {
        solid = to
        at = next - 1
        continue
      }
    } else if (byte === LF) {
      to = beforeTrailingSpace(octets, { to, solid })
    }
    octets[to++] = byte
  }
  return octets.subarray(0, to)
}

/** Past the line end that follows `at` and white space, or 0 if there is none: the = was no soft line break. */
function pastSoftBreak(text: Buffer, at: number): number {
  let end = at
  while (text[end] === SPACE || text[end] === TAB) end++
  if (text[end] === CR && text[end + 1] === LF) return end + 2
  return text[end] === LF || end >= text.length ? end + 1 : 0
}

/** Where this line ends if the white space before its end, as far as it was not encoded, is taken out. */
function beforeTrailingSpace(octets: Buffer, { to, solid }: { to: number; solid: number }): number {
  const withCr = to > solid && octets[to - 1] === CR
  let end = withCr ? to - 1 : to
  while (end > solid && (octets[end - 1] === SPACE || octets[end - 1] === TAB)) end--
  if (withCr) octets[end++] = CR
  return end
}

/** The Q encoding of an encoded word: as above, with _ for a space. */
export function decodeQ(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  for (let at = bytes.indexOf(UNDERSCORE); at >= 0; at = bytes.indexOf(UNDERSCORE, at + 1)) bytes[at] = SPACE
  return decodeQuotedPrintable(bytes)
}
