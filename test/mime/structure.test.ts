/** The scanner: shapes, offsets, limits, and that nothing makes it throw or point outside the message. */
import { expect } from 'chai'
import fc from 'fast-check'
import { boundaryOf } from '../../src/mime/boundary.js'
import { fieldRange } from '../../src/mime/known-fields.js'
import { MAX_DEPTH, MAX_PARTS, type Part, scan } from '../../src/mime/structure.js'
import { fuzzRuns } from '../support/fuzz.js'

const message = (text: string): Buffer => Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1')

/** TYPE/SUBTYPE octets lines, parts in brackets. */
function shape(part: Part): string {
  const name = `${part.content.type}/${part.content.subtype}`.toLowerCase()
  if (part.kind === 'multipart') return `${name}(${part.parts.map(shape).join(' ')})`
  const size = part.bodyEnd - part.headerEnd
  return part.kind === 'message'
    ? `${name}:${size}:${part.lines}(${part.parts.map(shape)})`
    : `${name}:${size}:${part.lines}`
}

const a = 'Content-Type: multipart/mixed; boundary=a\n\n'
const b = 'Content-Type: multipart/mixed; boundary=b\n\n'
const gif = 'Content-Type: image/gif\n\n'

const shapes: [what: string, text: string, expected: string][] = [
  ['nothing', '', 'text/plain:0:0'],
  ['a header only', 'Subject: x\n', 'text/plain:0:0'],
  ['a body', 'Subject: x\n\nbody\n', 'text/plain:6:1'],
  ['no line end', 'Subject: x\n\nbody', 'text/plain:4:0'],
  ['two parts', `${a}pre\n--a\n\nx\n--a\n${gif}yy\n--a--\nepilogue\n`, 'multipart/mixed(text/plain:1:0 image/gif:2:0)'],
  ['another text that starts like the boundary', `${a}--a\n\nx\n--ab\ny\n--a--\n`, 'multipart/mixed(text/plain:10:2)'],
  ['no final boundary', `${a}--a\n\nx\n--a\n\ny\n`, 'multipart/mixed(text/plain:1:0 text/plain:3:1)'],
  ['no boundary line at all', `${a}preamble\n`, 'multipart/mixed(text/plain:0:0)'],
  ['only the close-delimiter', `${a}--a--\n`, 'text/plain:0:0'],
  ['no boundary parameter', 'Content-Type: multipart/mixed\n\ntext\n', 'text/plain:0:0'],
  ['a delimiter as last line', `${a}--a\n\nx\n--a`, 'multipart/mixed(text/plain:1:0 text/plain:0:0)'],
  [
    'headers cut by boundaries',
    `${a}--a\n--a\nContent-Type: text/html\n--a--\n`,
    'multipart/mixed(text/plain:0:0 text/html:0:0)',
  ],
  [
    'digest',
    'Content-Type: multipart/digest; boundary=a\n\n--a\n\nSubject: i\n\ntext\n--a--\n',
    'multipart/digest(message/rfc822:18:2(text/plain:4:0))',
  ],
  [
    'a message inside',
    `${a}--a\nContent-Type: message/rfc822\n\nSubject: i\n${b}--b\n\nx\n--b--\n--a--\n`,
    'multipart/mixed(message/rfc822:74:7(multipart/mixed(text/plain:1:0)))',
  ],
  [
    'a message cut by a boundary',
    `${a}--a\nContent-Type: message/rfc822\n--a\n${gif}yy\n--a--\n`,
    'multipart/mixed(message/rfc822:0:0(text/plain:0:0) image/gif:2:0)',
  ],
  [
    'the outer boundary inside',
    `${a}--a\n${b}--b\n\nx\n--a\n${gif}yy\n--a--\n`,
    'multipart/mixed(multipart/mixed(text/plain:1:0 image/gif:2:0))',
  ],
  [
    'the outer end inside',
    `${a}--a\n${b}--b\n\nx\n--a--\n${gif}yy\n--a--\n`,
    'multipart/mixed(multipart/mixed(text/plain:1:0))',
  ],
  [
    'an inner epilogue',
    `${a}--a\n${b}--b\n\nx\n--b--\nepi\n--b\n\nz\n--a\n${gif}yy\n--a--\n`,
    'multipart/mixed(multipart/mixed(text/plain:1:0) image/gif:2:0)',
  ],
]

describe('mime structure', () => {
  for (const [what, text, expected] of shapes)
    it(what, () => {
      expect(shape(scan(message(text)))).to.equal(expected)
    })

  it('understands bare LF', () => {
    const bare = Buffer.from(`${a}--a\n\nx\n--a\n${gif}yy\n--a--\n`)
    expect(shape(scan(bare))).to.equal('multipart/mixed(text/plain:1:0 image/gif:2:0)')
  })

  it('gives the offsets of headers, bodies and fields', () => {
    const text = message(`Subject: one\nSubject: two\n three\n${a}--a\nContent-ID: <x>\n\nbody\n--a--\n`)
    const root = scan(text)
    const part = root.parts[0] as Part
    expect(text.toString('latin1', part.headerStart, part.headerEnd)).to.equal('Content-ID: <x>\r\n\r\n')
    expect(text.toString('latin1', part.headerEnd, part.bodyEnd)).to.equal('body')
    const subject = fieldRange(root.fields, 'subject')
    expect(text.toString('latin1', subject?.start, subject?.end)).to.equal(' two\r\n three')
    expect(fieldRange(root.fields, 'to')).to.equal(undefined)
  })

  it('takes 1,000 parts', () => {
    const root = scan(message(`${a}${'--a\n\nx\n'.repeat(1000)}--a--\n`))
    expect(root.parts).to.have.length(1000)
  })

  it('ends with one opaque part beyond its limits', () => {
    const many = scan(message(`${a}${'--a\n\nx\n'.repeat(MAX_PARTS + 5)}--a--\n`))
    expect(many.parts).to.have.length(MAX_PARTS - 1)
    const deep = scan(message('Content-Type: message/rfc822\n\n'.repeat(MAX_DEPTH + 5)))
    let depth = 0
    let part: Part | undefined = deep
    for (; part?.kind === 'message'; part = part.parts[0]) depth++
    expect(depth).to.equal(MAX_DEPTH)
    expect(part?.content.subtype).to.equal('OCTET-STREAM')
  })

  it('never throws and never points outside', () => {
    const pieces = fc.constantFrom(
      '--a',
      '--b',
      '--a--',
      '\r\n',
      '\n',
      '\r',
      '\r\n\r\n',
      a,
      b,
      gif,
      'Content-Type: ',
      'message/rfc822',
      'multipart/digest; boundary="',
      '"',
      '(',
      ';',
      ' ',
      '\0',
      '\x80',
      'x: y',
      '=',
      '*0*',
      "'",
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (list) => {
        const view = Buffer.from(list.join(''), 'latin1')
        check(scan(view), { from: 0, to: view.length })
      }),
      fuzzRuns(2000),
    )
  })
})

function check(part: Part, { from, to }: { from: number; to: number }): void {
  expect(part.headerStart).to.be.within(from, to)
  expect(part.headerEnd).to.be.within(part.headerStart, to)
  expect(part.bodyEnd).to.be.within(part.headerEnd, to)
  boundaryOf(part.content.parameters)
  let next = part.headerEnd
  for (const child of part.parts) {
    check(child, { from: next, to: part.bodyEnd })
    next = child.bodyEnd
  }
}
