// Envelope addresses and parameters as a client writes them.

/** The local part as it may stand in a path: quoted where it must be. RFC 5321 §4.1.2 */
export function writeLocalPart(local: string): string {
  if (/^[^\s"(),:;<>@[\\\]\x00-\x1f\x7f]+$/.test(local)) return local
  return `"${local.replace(/["\\]/g, '\\$&')}"`
}

/** xtext. RFC 3461 §4 */
export const writeXtext = (text: string): string =>
  [...Buffer.from(text)]
    .map((octet) =>
      octet > 0x20 && octet < 0x7f && octet !== 0x2b && octet !== 0x3d
        ? String.fromCharCode(octet)
        : `+${octet.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
