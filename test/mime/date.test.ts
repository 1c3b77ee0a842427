/** Dates of header fields, readable and not. */
import { expect } from 'chai'
import fc from 'fast-check'
import { readDate, writeDate } from '../../src/mime/date.js'

const readable: [text: string, iso: string, day: string][] = [
  ['Mon, 7 Feb 1994 21:52:25 -0800 (PST)', '1994-02-08T05:52:25Z', '1994-2-7'],
  ['7 Feb 1994 21:52:25 -0800', '1994-02-08T05:52:25Z', '1994-2-7'],
  ['Mon,7 Feb 94 21:52 PST', '1994-02-08T05:52:00Z', '1994-2-7'],
  ['1 Jan 00 00:00 GMT', '2000-01-01T00:00:00Z', '2000-1-1'],
  ['1 Jan 100 00:00:00 +0000', '2000-01-01T00:00:00Z', '2000-1-1'],
  ['Tue, 29 Feb 2000 23:59:60 +0100', '2000-02-29T23:00:00Z', '2000-2-29'],
  ['Mon Feb  7 21:52:25 1994', '1994-02-07T21:52:25Z', '1994-2-7'],
  ['Mon Feb  7 21:52:25 PST 1994', '1994-02-08T05:52:25Z', '1994-2-7'],
  ['Mon Feb  7 21:52:25 1994 +0100', '1994-02-07T20:52:25Z', '1994-2-7'],
  ['7-Feb-1994 21:52:25 -0800', '1994-02-08T05:52:25Z', '1994-2-7'],
  ['Monday, 7 February 1994 21:52:25 UT', '1994-02-07T21:52:25Z', '1994-2-7'],
  ['(c) Mon (d), 7 (e(f)) Feb 1994 21:52:25 (g) +0000', '1994-02-07T21:52:25Z', '1994-2-7'],
  ['7 Feb 1994', '1994-02-07T00:00:00Z', '1994-2-7'],
  ['7 feb 1994 1:2:3 Z', '1994-02-07T01:02:03Z', '1994-2-7'],
  ['7 Feb 1994 21.52.25 +0000', '1994-02-07T21:52:25Z', '1994-2-7'],
  ['7 Feb 1994 21:52:25 +9999', '1994-02-07T21:52:25Z', '1994-2-7'],
  ['7 Feb 1994 21:52:25 Q', '1994-02-07T21:52:25Z', '1994-2-7'],
  ['2020-01-02T03:04:05+02:00', '2020-01-02T01:04:05Z', '2020-1-2'],
  ['2020-01-02 03:04:05.678Z', '2020-01-02T03:04:05Z', '2020-1-2'],
  ['31 Dec 1999 23:59:59 -1200', '2000-01-01T11:59:59Z', '1999-12-31'],
]

const unreadable = [
  '',
  'x',
  'Mon',
  'Feb 1994',
  '32 Feb 1994 00:00',
  '29 Feb 1900 00:00',
  '7 Foo 1994 00:00',
  '7 Feb 1994 25:00',
  '7 Feb 1994 00:61',
  '7 Feb 0001',
  '0 Feb 1994',
  '2020-13-01T00:00:00Z',
  '(7 Feb 1994',
  'x'.repeat(1000),
]

describe('mime date', () => {
  for (const [text, iso, day] of readable)
    it(text, () => {
      const date = readDate(text)
      expect(date?.time).to.equal(Date.parse(iso) / 1000)
      expect(`${date?.year}-${date?.month}-${date?.day}`).to.equal(day)
    })
  for (const text of unreadable)
    it(`no date: ${text.slice(0, 40)}`, () => {
      expect(readDate(text)).to.equal(undefined)
    })

  it('reads what it writes', () => {
    expect(writeDate(760686745, -480)).to.equal('Mon, 07 Feb 1994 21:52:25 -0800')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: -720, max: 840 }), (time, zone) => {
        const read = readDate(writeDate(time, zone))
        expect([read?.time, read?.zone]).to.deep.equal([time, zone])
      }),
    )
  })

  it('never throws', () => {
    const words = fc.constantFrom(
      'Mon,',
      '7',
      'Feb',
      '1994',
      '21:52:25',
      '-0800',
      '(',
      ')',
      '\\',
      '1-Jan-99',
      'T',
      'Z',
      '::',
      '-',
    )
    fc.assert(
      fc.property(fc.array(words), (list) => {
        readDate(list.join(' '))
        readDate(list.join(''))
      }),
    )
  })
})
