/** The form in which texts are compared without regard to case, accents and forms of letters. RFC 5051 (i;unicode-casemap) */

/**
 * Folds text for searching: upper and lower case, composed and decomposed, full-width and compatibility forms become one;
 * accents go unless they are to be kept (Cyrus's search_skipdiacrit). Some 10 ms for a million characters of any script.
 */
export function fold(text: string, { accents }: { accents: 'ignore' | 'keep' } = { accents: 'ignore' }): string {
  if (isAsciiText(text)) return text.toLowerCase()
  return accents === 'ignore' ? foldUnits(text) : foldString(text)
}

/** White space of any kind and length becomes one space, none at the ends. */
export function mergeSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function isAsciiText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

/** By way of upper case, so that the final sigma and the long s meet their like. */
function foldString(text: string): string {
  return text.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD')
}

/** In the table of characters met: nothing known yet; folds to no or to several units. */
const UNKNOWN = 0
const SEVERAL = 0xffff
/** No character folds to more units. */
const LONGEST = 64

/**
 * Character by character, each kind of character folded once. The order of accents among each other, which only the whole
 * string shows, does not matter as they go.
 */
function foldUnits(text: string): string {
  const table = new Uint16Array(0x10000)
  const several = new Map<number, string>()
  let folded = new Uint16Array(text.length + LONGEST)
  let to = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    let known = table[unit] as number
    if (known === UNKNOWN) known = table[unit] = foldedUnit(text.charAt(at))
    if (known !== SEVERAL) {
      folded[to++] = known
      continue
    }
    const code = text.codePointAt(at) as number
    if (code > 0xffff) at++
    const string = several.get(code) ?? foldCharacter(String.fromCodePoint(code))
    several.set(code, string)
    folded = withRoom(folded, to + string.length + text.length - at)
    for (let index = 0; index < string.length; index++) folded[to++] = string.charCodeAt(index)
  }
  return Buffer.from(folded.buffer, 0, to * 2).toString('utf16le')
}

/** The unit that a character becomes, or SEVERAL; a half of a pair is several as its other half decides. */
function foldedUnit(character: string): number {
  const string = foldCharacter(character)
  const unit = string.charCodeAt(0)
  return string.length === 1 && unit !== UNKNOWN && (unit & 0xf800) !== 0xd800 ? unit : SEVERAL
}

function foldCharacter(character: string): string {
  return foldString(character)
    .replace(/\p{Mn}+/gu, '')
    .slice(0, LONGEST)
}

function withRoom(units: Uint16Array<ArrayBuffer>, length: number): Uint16Array<ArrayBuffer> {
  if (length <= units.length) return units
  const grown = new Uint16Array(length * 2)
  grown.set(units)
  return grown
}
