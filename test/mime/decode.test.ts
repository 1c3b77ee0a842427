/** Transfer encodings, charsets, encoded words, parameters and HTML, as plain lists. */
import { expect } from 'chai'
import fc from 'fast-check'
import { decodeBase64 } from '../../src/mime/base64.js'
import { decodeCharset, isKnownCharset } from '../../src/mime/charset.js'
import { decodeText } from '../../src/mime/encoded-word.js'
import { htmlText } from '../../src/mime/html-text.js'
import { parameterText } from '../../src/mime/parameter-text.js'
import { decodeQuotedPrintable } from '../../src/mime/quoted-printable.js'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

const quotedPrintable: [text: string, octets: string][] = [
  ['plain', 'plain'],
  ['a=3Db', 'a=b'],
  ['=c3=A9', '\xc3\xa9'],
  ['soft=\r\nbreak', 'softbreak'],
  ['soft= \t\r\nbreak', 'softbreak'],
  ['soft=\nbreak', 'softbreak'],
  ['trailing \t\r\nspace', 'trailing\r\nspace'],
  ['encoded=20\r\nspace', 'encoded=20\r\nspace'.replace('=20', ' ')],
  ['kept =\r\n\r\n', 'kept \r\n'],
  ['bad =XY =4', 'bad =XY =4'],
  ['end=', 'end'],
  ['', ''],
]

const base64: [text: string, octets: string][] = [
  ['SGVsbG8=', 'Hello'],
  ['SGVs\r\nbG8=\r\n', 'Hello'],
  ['SGVsbG8', 'Hello'],
  ['S G*V!s bG8', 'Hello'],
  ['SGVsbG8=SGVsbG8=', 'HelloHello'],
  ['SGVsbG8=\r\n-- \r\n', 'Hello'],
  ['====', ''],
  ['', ''],
]

const encodedWords: [raw: string, text: string][] = [
  ['plain', 'plain'],
  ['=?iso-8859-1?Q?J=F6rg_M?= <j@x>', 'Jörg M <j@x>'],
  ['=?utf-8?B?w6k=?=', 'é'],
  ['=?UTF-8?q?a?= =?utf-8?Q?b?=', 'ab'],
  ['=?utf-8?Q?a?= b', 'a b'],
  ['=?utf-8?Q?a?=\t =?iso-8859-1?Q?=E9?=', 'aé'],
  ['=?utf-8?B?ww==?= =?utf-8?B?qQ==?=', 'é'],
  ['=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=', 'é'],
  ['=?utf-8*en?Q?x?=', 'x'],
  ['=?utf-8?Q?a b?=', 'a b'],
  ['=?x-none?Q?a=E9?=', 'aé'],
  ['=?utf-8?X?a?=', '=?utf-8?X?a?='],
  ['=?utf-8?Q?a', '=?utf-8?Q?a'],
  ['\xc3\xa9 \xe9'.slice(0, 2), 'é'],
  ['\xe9', 'é'],
  ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
  ['=?utf-7?Q?+AOk-?=', 'é'],
]

const charsets: [charset: string, octets: string, text: string][] = [
  ['utf-8', '\xe2\x82\xac', '€'],
  ['UTF-8', '\xff', '\ufffd'],
  ['us-ascii', '\xc3\xa9', 'é'],
  ['us-ascii', '\xe9', 'é'],
  ['', '\x80', '€'],
  ['iso-8859-15', '\xa4', '€'],
  ['windows-1251', '\xcf', 'П'],
  ['koi8-r', '\xf0', 'П'],
  ['gb18030', '\xd6\xd0', '中'],
  ['big5', '\xa4\xa4', '中'],
  ['euc-kr', '\xc7\xd1', '한'],
  ['iso-2022-kr', '\x1b$)C\x0eGQ\x0f', '한'],
  ['hz-gb-2312', '~{VP~}~~', '中~'],
  ['utf-16be', '\x00a', 'a'],
  ['cp437', '\x82', 'é'],
  ['ibm850', '\x82', 'é'],
  ['utf-7', 'a+AOk-', 'aé'],
  ['no-such-charset', '\xe9', 'é'],
  ['"utf-8"', '\xc3\xa9', 'é'],
]

const html: [html: string, text: string][] = [
  ['<p>a<b>b</b>c</p>', ' abc '],
  ['a<br>b', 'a b'],
  ['<style>x</style>y<script>if (a<b) z</script >', ' y '],
  ['a &lt; b &amp;&eacute;&#233;&#xE9; &nosuch; &amp', 'a < b &ééé &nosuch; &'],
  ['a<!-- <b> -->c', 'a c'],
  ['1 < 2', '1 < 2'],
  ['open <a href="', 'open '],
  ['<title>t', ' t'],
  ['&#0; &#x110000; &#xd800;', '\ufffd \ufffd \ufffd'],
]

describe('mime decode', () => {
  for (const [text, octets] of quotedPrintable)
    it(`quoted-printable ${JSON.stringify(text)}`, () => {
      expect(decodeQuotedPrintable(bytes(text)).toString('latin1')).to.equal(octets)
    })
  for (const [text, octets] of base64)
    it(`base64 ${JSON.stringify(text)}`, () => {
      expect(decodeBase64(bytes(text)).toString('latin1')).to.equal(octets)
    })
  for (const [raw, text] of encodedWords)
    it(`header text ${JSON.stringify(raw)}`, () => {
      expect(decodeText(raw)).to.equal(text)
    })
  for (const [charset, octets, text] of charsets)
    it(`charset ${charset || 'none'} ${JSON.stringify(octets)}`, () => {
      expect(decodeCharset(bytes(octets), charset)).to.equal(text)
    })
  for (const [source, text] of html)
    it(`html ${JSON.stringify(source)}`, () => {
      expect(htmlText(source)).to.equal(text)
    })

  it('knows which charsets it can read', () => {
    for (const name of ['UTF-8', 'us-ascii', 'ISO-8859-1', 'utf-7', 'iso-2022-kr', 'cp850'])
      expect(isKnownCharset(name), name).to.equal(true)
    for (const name of ['no-such-charset', 'toString', '__proto__']) expect(isKnownCharset(name), name).to.equal(false)
  })

  it('reads parameters as people do', () => {
    const of = (name: string, value: string): string | undefined => parameterText([{ name, value }], 'NAME')
    expect(of('NAME*', "utf-8'en'%e2%82%ac x")).to.equal('€ x')
    expect(of('NAME*', "iso-8859-1''%E9")).to.equal('é')
    expect(of('NAME*', 'no quotes %41')).to.equal('no quotes A')
    expect(of('NAME', '=?utf-8?Q?=C3=A9?=')).to.equal('é')
    expect(of('OTHER', 'x')).to.equal(undefined)
  })

  it('undoes what encoders do, and never throws', () => {
    const any = fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets))
    fc.assert(
      fc.property(
        any,
        fc.constantFrom('utf-8', 'hz-gb-2312', 'iso-2022-kr', 'utf-7', 'iso-2022-jp', 'x'),
        (octets, charset) => {
          const text = octets.toString('latin1')
          expect(decodeBase64(Buffer.from(octets.toString('base64'))).equals(octets)).to.equal(true)
          const encoded = text.replace(/[^!-<>-~]/g, (char) => `=${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
          expect(decodeQuotedPrintable(bytes(encoded)).equals(octets)).to.equal(true)
          decodeQuotedPrintable(octets)
          decodeBase64(octets)
          decodeText(text)
          htmlText(text)
          decodeCharset(octets, charset)
        },
      ),
    )
  })

  it('takes linear time for hostile texts', () => {
    const started = Date.now()
    for (const piece of ['=?a?q?', '<title>', '<', '&#', '=?', '</', '&amp', '<!--', '=\t', ' \r'])
      for (const read of [decodeText, htmlText, (text: string) => decodeQuotedPrintable(bytes(text))])
        read(piece.repeat(50_000))
    expect(Date.now() - started).to.be.lessThan(5000)
  })
})
