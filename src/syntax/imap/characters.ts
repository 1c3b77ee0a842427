// Which octets may stand where: one table of the character classes of RFC 9051 §9.

/** ATOM-CHAR: any CHAR except "(" ")" "{" SP CTL "%" "*" DQUOTE "\" "]". */
export const ATOM = 1
/** ASTRING-CHAR: ATOM-CHAR and "]". */
export const ASTRING = 2
/** list-char: ATOM-CHAR, "%", "*" and "]". */
export const LIST = 4
/** What a tag may hold: ASTRING-CHAR except "+". */
export const TAG = 8
/** TEXT-CHAR inside quotes that needs no backslash; octets above 127 are checked apart. */
export const QUOTED = 16

const table = buildTable()

function buildTable(): Uint8Array {
  const classes = new Uint8Array(256)
  for (let octet = 0x20; octet < 0x7f; octet++) {
    const char = String.fromCharCode(octet)
    let bits = 0
    if (!'(){ %*"\\]'.includes(char)) bits |= ATOM | ASTRING | LIST | TAG
    if (char === ']') bits |= ASTRING | LIST | TAG
    if (char === '%' || char === '*') bits |= LIST
    if (char === '+') bits &= ~TAG
    if (char !== '"' && char !== '\\') bits |= QUOTED
    classes[octet] = bits
  }
  classes[9] = QUOTED
  for (let octet = 0x80; octet < 0x100; octet++) classes[octet] = QUOTED
  return classes
}

/** Whether the octet belongs to one of the classes; undefined (the end) belongs to none. */
export function isOf(octet: number | undefined, classes: number): boolean {
  return octet !== undefined && ((table[octet] ?? 0) & classes) !== 0
}

/** Where the run of octets of these classes that begins at `from` ends. */
export function endOfRun(bytes: Uint8Array, from: number, classes: number): number {
  let at = from
  while (at < bytes.length && ((table[bytes[at] ?? 0] ?? 0) & classes) !== 0) at++
  return at
}

export function isDigit(octet: number | undefined): boolean {
  return octet !== undefined && octet >= 0x30 && octet <= 0x39
}
