/** Base64, read leniently. RFC 2045 §6.8 */

/**
 * The octets that the text stands for. Characters outside the alphabet are passed over; where padding stands in the middle
 * (several encodings put together) what follows it is decoded too. Never throws.
 */
export function decodeBase64(text: Buffer): Buffer {
  const characters = text.toString('latin1')
  const padding = characters.indexOf('=')
  if (padding < 0 || !/[0-9A-Za-z+/]/.test(characters.slice(padding))) return Buffer.from(characters, 'base64')
  return Buffer.concat(characters.split(/=+/).map((piece) => Buffer.from(piece, 'base64')))
}
