/** HTML reduced to the text that a reader sees, for searching and previews: tags out, entities decoded. */

/** Elements whose content is not text. */
const hidden = new Set(['script', 'style', 'head', 'title', 'template', 'noscript'])
/** Elements inside a word: `<b>H</b>ello` is one word, everything else separates words. */
const inline = new Set(
  'a abbr acronym b bdi bdo big cite code em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
)

/**
 * The text of a document, words in their order, white space not tidied. Linear in the length; a tag that
 * is not closed ends with the document.
 */
export function htmlText(html: string): string {
  const pieces: string[] = []
  const unclosed = new Set<string>()
  let from = 0
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', from)) {
    if (!/[A-Za-z!/?]/.test(html.charAt(open + 1))) {
      pieces.push(html.slice(from, open + 1))
      from = open + 1
      continue
    }
    pieces.push(html.slice(from, open))
    from = pastTag(html, open)
    const [, slash = '', tag = ''] = /^<(\/?)([A-Za-z][A-Za-z0-9]*)/.exec(html.slice(open, open + 20)) ?? []
    const name = tag.toLowerCase()
    if (!inline.has(name)) pieces.push(' ')
    if (slash === '' && hidden.has(name) && !unclosed.has(name)) {
      const end = endOfElement(html, { name, from })
      if (end === undefined) unclosed.add(name)
      else from = end
    }
  }
  pieces.push(html.slice(from))
  return decodeEntities(pieces.join(''))
}

/** Past a tag or a comment that starts at `open`. */
function pastTag(html: string, open: number): number {
  const comment = html.startsWith('<!--', open)
  const end = html.indexOf(comment ? '-->' : '>', open + (comment ? 4 : 1))
  return end < 0 ? html.length : end + (comment ? 3 : 1)
}

/** Past the end tag of an element, or undefined if it has none: its content is then taken for text. */
function endOfElement(html: string, { name, from }: { name: string; from: number }): number | undefined {
  const end = new RegExp(`</${name}[\\s/>]`, 'gi')
  end.lastIndex = from
  const match = end.exec(html)
  return match ? pastTag(html, match.index) : undefined
}

const entities = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    euro: '€',
    hellip: '…',
    ndash: '–',
    mdash: '—',
    lsquo: '‘',
    rsquo: '’',
    ldquo: '“',
    rdquo: '”',
    sbquo: '‚',
    bdquo: '„',
    bull: '•',
    trade: '™',
    zwnj: '\u200c',
    zwj: '\u200d',
    ensp: ' ',
    emsp: ' ',
    thinsp: ' ',
    lsaquo: '‹',
    rsaquo: '›',
    oelig: 'œ',
    OElig: 'Œ',
    scaron: 'š',
    Scaron: 'Š',
    Yuml: 'Ÿ',
    minus: '−',
    dagger: '†',
    Dagger: '‡',
    permil: '‰',
    fnof: 'ƒ',
    circ: 'ˆ',
    tilde: '˜',
    larr: '←',
    rarr: '→',
    uarr: '↑',
    darr: '↓',
    infin: '∞',
    ne: '≠',
    le: '≤',
    ge: '≥',
    zcaron: 'ž',
    Zcaron: 'Ž',
  }),
)
/** U+00A0 to U+00FF in their order. */
const latin1Names = (
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute ' +
  'Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml ' +
  'Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ' +
  'ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
).split(' ')

latin1Names.forEach((name, index) => {
  entities.set(name, String.fromCharCode(0xa0 + index))
})

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,30}));?/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return entities.get(String(name)) ?? whole
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd'
    },
  )
}
