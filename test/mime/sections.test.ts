/** Sections of messages, from the scan and from the packed layout alike. */
import { expect } from 'chai'
import { layoutOf, packLayout, unpackLayout } from '../../src/mime/layout.js'
import { type SectionKind, sectionOctets } from '../../src/mime/sections.js'
import { scan } from '../../src/mime/structure.js'
import { makeView } from '../../src/mime/view.js'
import { corpusMessage, corpusNames } from './corpus.js'

const text = `Subject: outer
Content-Type: multipart/mixed; boundary=a

preamble
--a
Content-ID: <1>

one
--a
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/alternative; boundary=b

--b

two one
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PGI+
--b--
--a
Content-Type: message/rfc822

Subject: single

three one
--a--
`.replaceAll('\n', '\r\n')

const sections: [section: string, expected: string | undefined][] = [
  ['', text],
  ['TEXT', text.slice(text.indexOf('preamble'))],
  ['HEADER', 'Subject: outer\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n'],
  ['1', 'one'],
  ['1.MIME', 'Content-ID: <1>\r\n\r\n'],
  ['1.HEADER', undefined],
  ['1.1', undefined],
  ['2.MIME', 'Content-Type: message/rfc822\r\n\r\n'],
  ['2.HEADER', 'Subject: inner\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n'],
  ['2.TEXT', text.slice(text.indexOf('--b\r\n'), text.indexOf('--b--') + 7)],
  ['2.1', 'two one'],
  ['2.2', 'PGI+'],
  ['2.2.MIME', 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n'],
  ['2.3', undefined],
  ['3.1', 'three one'],
  ['3.TEXT', 'three one'],
  ['3.1.1', undefined],
  ['4', undefined],
]

describe('mime sections', () => {
  const view = Buffer.from(text)
  const root = scan(view)
  const layout = unpackLayout(packLayout(layoutOf(view, root)))

  for (const [section, expected] of sections)
    it(`BODY[${section}]`, () => {
      const path = section
        .split('.')
        .filter((word) => /^\d/.test(word))
        .map(Number)
      const kind = (/[A-Z]+$/.exec(section)?.[0] ?? '') as SectionKind
      const octets = sectionOctets(root, { path, text: kind, size: view.length })
      expect(octets && view.toString('latin1', octets.start, octets.end)).to.equal(expected)
      expect(layout && sectionOctets(layout, { path, text: kind, size: view.length })).to.deep.equal(octets)
    })

  it('numbers a message that is no multipart as its part 1', () => {
    const single = scan(Buffer.from('Subject: x\r\n\r\nbody'))
    expect(sectionOctets(single, { path: [1], text: '', size: 18 })).to.deep.equal({ start: 14, end: 18 })
    expect(sectionOctets(single, { path: [1], text: 'HEADER.FIELDS', size: 18 })).to.deep.equal({ start: 0, end: 14 })
    expect(sectionOctets(single, { path: [1, 1], text: '', size: 18 })).to.equal(undefined)
  })

  it('packs and unpacks the layout of every message of the corpus', () => {
    for (const name of corpusNames()) {
      const message = makeView(corpusMessage(name))
      const before = layoutOf(message, scan(message))
      expect(unpackLayout(packLayout(before)), name).to.deep.equal(before)
    }
  })

  it('refuses a damaged layout', () => {
    const packed = packLayout(layoutOf(view, root))
    expect(unpackLayout(packed.subarray(0, -1))).to.equal(undefined)
    expect(unpackLayout(Buffer.concat([Buffer.of(9), packed]))).to.equal(undefined)
    expect(unpackLayout(Buffer.alloc(0))).to.equal(undefined)
    for (let at = 0; at < packed.length; at++) {
      const damaged = Buffer.from(packed)
      damaged[at] = 0xff
      unpackLayout(damaged)
    }
  })
})
