/** The view of stored bytes: bare LF shown as CRLF, NUL as 0x80, clean bytes not copied. */
import { expect } from 'chai'
import fc from 'fast-check'
import { countLines, countLinesOf } from '../../src/mime/line-count.js'
import { examine, isClean, makeView, viewSize } from '../../src/mime/view.js'
import { fuzzRuns } from '../support/fuzz.js'

/** The rule, said simply. */
const slowView = (text: string): string => text.replace(/\r?\n/g, '\r\n').replaceAll('\0', '\x80')
const pieces = fc.array(
  fc.constantFrom('\r', '\n', '\r\n', '\0', 'a', 'text of a line', '\xff', '\x8a', '\x0b', '\x09'),
)

describe('mime view', () => {
  it('is the same Buffer for clean bytes', () => {
    const clean = Buffer.from('a: b\r\n\r\nbody\r')
    expect(isClean(clean)).to.equal(true)
    expect(makeView(clean)).to.equal(clean)
    expect(isClean(Buffer.from('\n'))).to.equal(false)
    expect(isClean(Buffer.from('a\0'))).to.equal(false)
  })

  it('follows the rule at any alignment', () => {
    fc.assert(
      fc.property(pieces, fc.nat(7), (list, shift) => {
        const text = list.join('')
        const bytes = Buffer.from(' '.repeat(shift) + text, 'latin1').subarray(shift)
        const expected = slowView(text)
        expect(makeView(bytes).toString('latin1')).to.equal(expected)
        expect(viewSize(bytes)).to.equal(expected.length)
        expect(isClean(bytes)).to.equal(expected === text)
        expect(examine(bytes)).to.deep.equal({ clean: expected === text, viewSize: expected.length })
        expect(countLines(bytes, 0, bytes.length)).to.equal(text.split('\n').length - 1)
      }),
      fuzzRuns(1000),
    )
  })

  it('counts the lines of overlapping ranges', () => {
    const bytes = Buffer.from('a\nb\nc\nd\n')
    const ranges = [
      { start: 0, end: 8 },
      { start: 2, end: 8 },
      { start: 2, end: 5 },
      { start: 8, end: 8 },
    ]
    expect(countLinesOf(bytes, ranges)).to.deep.equal([4, 3, 1, 0])
  })
})
