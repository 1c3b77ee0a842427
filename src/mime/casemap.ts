/** The form in which texts are compared without regard to case, accents and forms of letters. RFC 5051 (i;unicode-casemap) */

/**
 * Folds text for searching: upper and lower case, composed and decomposed, full-width and compatibility forms become one;
 * with `accents: 'ignore'`, Cyrus's default search_skipdiacrit, a letter also equals the same letter with accents.
 */
export function fold(text: string, { accents }: { accents: 'ignore' | 'keep' } = { accents: 'ignore' }): string {
  if (isAsciiText(text)) return text.toLowerCase()
  const folded = text.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD')
  return accents === 'ignore' ? folded.replace(/\p{Mn}+/gu, '') : folded
}

/** White space of any kind and length becomes one space, none at the ends: what a search for several words needs. */
export function mergeSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function isAsciiText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}
