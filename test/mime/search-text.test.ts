/** SEARCH sees through encodings, charsets, HTML, case and accents. */
import { expect } from 'chai'
import fc from 'fast-check'
import { fold } from '../../src/mime/casemap.js'
import { layoutOf } from '../../src/mime/layout.js'
import { bodyMatches, headerMatches, matches, needleOf, textMatches } from '../../src/mime/search-text.js'
import { scan } from '../../src/mime/structure.js'

const text = `Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from
 afar
X-Empty:
Content-Type: multipart/mixed; boundary=a

--a
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Caf=E9 au=20
lait is a long wo=
rd
--a
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PGI+SDwvYj5lbGxvPGJyPldvcmxkICZlYWN1dGU7Cg==
--a
Content-Type: application/octet-stream

attachment
--a
Content-Type: message/rfc822

Subject: inner subject

inner text
--a--
`.replaceAll('\n', '\r\n')

describe('mime search', () => {
  const view = Buffer.from(text, 'latin1')
  const layout = layoutOf(view, scan(view))
  const header = { start: 0, end: layout.headerEnd }

  for (const [needle, found] of [
    ['café', true],
    ['CAFE AU LAIT', true],
    ['word', true],
    ['hello world', true],
    ['É', true],
    ['attachment', false],
    ['inner subject', true],
    ['Inner   TEXT', true],
    ['Grüße', false],
    ['boundary', false],
    ['', true],
  ] as const)
    it(`BODY ${JSON.stringify(needle)}: ${found}`, () => {
      expect(bodyMatches(view, layout, needleOf(needle))).to.equal(found)
    })

  it('TEXT looks at headers, too', () => {
    expect(textMatches(view, layout, needleOf('GRÜSSE FROM AFAR'))).to.equal(true)
    expect(textMatches(view, layout, needleOf('nowhere'))).to.equal(false)
  })

  it('HEADER looks at decoded fields', () => {
    const has = (name: string, needle: string): boolean =>
      headerMatches(view, header, { name, needle: needleOf(needle) })
    expect(has('subject', 'grusse from')).to.equal(true)
    expect(has('Subject', 'lait')).to.equal(false)
    expect(has('x-empty', '')).to.equal(true)
    expect(has('x-missing', '')).to.equal(false)
  })

  it('folds letters of many kinds', () => {
    for (const [one, other] of [
      ['ＦＵＬＬ', 'full'],
      ['ﬁn', 'FIN'],
      ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
      ['Straße', 'STRASSE'],
      ['Å', 'a'],
      ['ς', 'Σ'],
      ['𝐀𝔅', 'ab'],
      ['😀 x', '😀 X'],
      ['ﷺ', 'صلى'],
      ['한국', '한국'.normalize('NFD')],
      ['a\u00a0b', 'a b'],
      ['e\u0301', 'É'],
    ] as const)
      expect(matches(one, needleOf(other)), one).to.equal(true)
  })

  it('folds as the whole string would, for any text', () => {
    const slow = (text: string): string =>
      text
        .normalize('NFKD')
        .toUpperCase()
        .toLowerCase()
        .normalize('NFKD')
        .replace(/\p{Mn}+/gu, '')
        .replaceAll('ς', 'σ')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        expect(fold(text).replaceAll('ς', 'σ')).to.equal(slow(text))
      }),
    )
    expect(fold('ﷺ'.repeat(100))).to.equal(slow('ﷺ'.repeat(100)))
    expect(fold('É', { accents: 'keep' })).to.equal('e\u0301')
    expect(fold('\ud800x\udc00é')).to.equal('\ud800x\udc00e')
  })
})
