/** The view of a stored message that IMAP shows: a bare LF becomes CRLF and NUL becomes 0x80; sizes are those of the view. */

const CR = 0x0d
const LF = 0x0a
const REPLACED_NUL = 0x80

/** Whether the bytes are their own view: every LF follows a CR and there is no NUL. One pass over the bytes. */
export function isClean(bytes: Buffer): boolean {
  return !bytes.includes(0) && countBareLineFeeds(bytes) === 0
}

/**
 * The view of a message as stored. Clean bytes (the common case) come back as the same Buffer, not a copy.
 * A lone CR stays as it is; the last line need not end.
 */
export function makeView(stored: Buffer): Buffer {
  const bare = countBareLineFeeds(stored)
  const hasNul = stored.includes(0)
  if (bare === 0 && !hasNul) return stored
  const view = Buffer.allocUnsafe(stored.length + bare)
  let to = 0
  let before = 0
  for (let from = 0; from < stored.length; from++) {
    const byte = stored[from] as number
    if (byte === LF && before !== CR) view[to++] = CR
    view[to++] = byte === 0 ? REPLACED_NUL : byte
    before = byte
  }
  return view
}

/** isClean and viewSize in one pass: for those who digest a message as it arrives. */
export function examine(stored: Buffer): { clean: boolean; viewSize: number } {
  const bare = countBareLineFeeds(stored)
  return { clean: bare === 0 && !stored.includes(0), viewSize: stored.length + bare }
}

/** The size in octets of the view, without making it: what RFC822.SIZE says. */
export function viewSize(stored: Buffer): number {
  return stored.length + countBareLineFeeds(stored)
}

/** Four bytes at a time: a word without LF (three in four, in text) costs one test. */
function countBareLineFeeds(bytes: Buffer): number {
  let bare = 0
  let at = 0
  const aligned = Math.min(bytes.length, (4 - (bytes.byteOffset & 3)) & 3)
  for (; at < aligned; at++) if (bytes[at] === LF && bytes[at - 1] !== CR) bare++
  if (at === bytes.length) return bare
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (bytes.length - at) >>> 2)
  for (let index = 0; index < words.length; index++, at += 4) {
    const word = (words[index] as number) ^ 0x0a0a0a0a
    if (((word - 0x01010101) & ~word & 0x80808080) === 0) continue
    for (let byte = at; byte < at + 4; byte++) if (bytes[byte] === LF && bytes[byte - 1] !== CR) bare++
  }
  for (; at < bytes.length; at++) if (bytes[at] === LF && bytes[at - 1] !== CR) bare++
  return bare
}
