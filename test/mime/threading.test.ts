/** Message identifiers, base subjects, display names and previews: what SORT, THREAD and lists of messages stand on. */
import { expect } from 'chai'
import fc from 'fast-check'
import { readAddresses } from '../../src/mime/address.js'
import { baseSubject } from '../../src/mime/base-subject.js'
import { displayName, firstAddress } from '../../src/mime/display-name.js'
import { layoutOf } from '../../src/mime/layout.js'
import { messageIdOf, readMessageIds, referencesOf } from '../../src/mime/message-id.js'
import { previewText } from '../../src/mime/preview.js'
import { scan } from '../../src/mime/structure.js'

const ids: [text: string, found: string[]][] = [
  ['<a@b>', ['<a@b>']],
  ['<a@b> (c) <d@e>', ['<a@b>', '<d@e>']],
  ['Your mail of <a@b>', ['<a@b>']],
  ['<"a"@b>', ['<a@b>']],
  ['<"a b"@c>', ['<"ab"@c>'.replace('"ab"', 'ab')]],
  ['<"a@x"@c>', ['<"a@x"@c>']],
  ['<a@\tb>', ['<a@b>']],
  ['<a <b@c>', ['<b@c>']],
  ['<a> <@b> <a@> <>', []],
  ['<a@b', []],
  ['a@b', []],
  ['', []],
]

const subjects: [raw: string, base: string, isReply: boolean][] = [
  ['hello', 'hello', false],
  ['Re: hello', 'hello', true],
  ['RE:hello', 'hello', true],
  ['re: Re:  Fwd: hello', 'hello', true],
  ['FW: hello', 'hello', true],
  ['Re[2]: hello', 'hello', true],
  ['[list] Re: hello', 'hello', true],
  ['[list] hello', 'hello', false],
  ['[a] [b] hello', 'hello', false],
  ['[list]', '[list]', false],
  ['Re: [list]', '[list]', true],
  ['[a] [b]', '[b]', false],
  ['hello (fwd)', 'hello', true],
  ['hello (fwd) (FWD) ', 'hello', true],
  ['[fwd: hello]', 'hello', true],
  ['[Fwd: Re: [x] hello (fwd)]', 'hello', true],
  ['Re: [Fwd: hello]', 'hello', true],
  ['  two \t words ', 'two words', false],
  ['=?utf-8?Q?Re:_h=C3=A9?=', 'hé', true],
  ['Re:', '', true],
  ['(fwd)', '', true],
  ['re: (fwd)', '', true],
  ['[a] re:', '', true],
  ['[fwd:(fwd)]', '', true],
  ['AW: hello', 'AW: hello', false],
  ['', '', false],
  ['re hello', 're hello', false],
  ['really: x', 'really: x', false],
  ['[fwd:', '[fwd:', false],
  ['[a[b] Re: x', '[a[b] Re: x', false],
]

describe('mime threading', () => {
  for (const [text, found] of ids)
    it(`identifiers of ${JSON.stringify(text)}`, () => {
      expect(readMessageIds(text)).to.deep.equal(found)
    })
  for (const [raw, base, isReply] of subjects)
    it(`base subject of ${JSON.stringify(raw)}`, () => {
      expect(baseSubject(raw)).to.deep.equal({ text: base, isReply })
    })

  it('finds own and earlier identifiers', () => {
    const one = Buffer.from('Message-ID: <a@b>\r\nReferences: <1@x>\r\n <2@x>\r\nIn-Reply-To: <3@x>\r\n\r\n')
    const two = Buffer.from('In-Reply-To: <3@x> <4@x>\r\nReferences: none\r\n\r\n')
    expect(messageIdOf(one, scan(one).fields)).to.equal('<a@b>')
    expect(referencesOf(one, scan(one).fields)).to.deep.equal(['<1@x>', '<2@x>'])
    expect(messageIdOf(two, scan(two).fields)).to.equal(undefined)
    expect(referencesOf(two, scan(two).fields)).to.deep.equal(['<3@x>'])
  })

  it('shows addresses by name, else as they are', () => {
    const shown = (text: string): string => readAddresses(text).map(displayName).join('|')
    expect(shown('=?utf-8?Q?J=C3=B6rg?= <j@x>, k@y')).to.equal('Jörg|k@y')
    expect(firstAddress(readAddresses('g: a@b;'))?.mailbox).to.equal('a')
    expect(firstAddress(readAddresses('g:;'))).to.equal(undefined)
  })

  it('previews the first text', () => {
    const preview = (text: string): string => {
      const view = Buffer.from(text.replaceAll('\n', '\r\n'))
      return previewText(view, layoutOf(view, scan(view)))
    }
    expect(preview('\nHello\n  you\n')).to.equal('Hello you')
    expect(preview(`\n${'é'.repeat(300)}`)).to.equal('é'.repeat(200))
    expect(preview('Content-Type: image/gif\n\nx')).to.equal('')
    expect(
      preview('Content-Type: multipart/mixed; boundary=a\n\n--a\n\n\n--a\nContent-Type: text/html\n\n<b>x</b>\n--a--'),
    ).to.equal('x')
  })

  it('takes bounded time for hostile subjects and fields', () => {
    const started = Date.now()
    for (const piece of ['Re:', '[', '[a]', '[fwd:', '(fwd)', ' ', '<', '<a', '>', '<@>', '"'])
      for (const read of [baseSubject, readMessageIds, readAddresses]) read(piece.repeat(100_000))
    expect(Date.now() - started).to.be.lessThan(5000)
  })

  it('never throws, and a base subject is its own base', () => {
    const words = fc.constantFrom(
      're',
      'fwd',
      ':',
      '[',
      ']',
      ' ',
      '(fwd)',
      '[fwd:',
      'x',
      '\t',
      '=?utf-8?Q?',
      '?=',
      '<',
      '>',
      '@',
      '"',
      '\\',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (list) => {
        const text = list.join('')
        readMessageIds(text)
        readAddresses(text)
        baseSubject(text)
      }),
    )
  })
})
