/** Fields by name, selected and unfolded. */
import { expect } from 'chai'
import { fieldNames, fieldValues, selectFields } from '../../src/mime/header.js'
import { areCached, headerCache } from '../../src/mime/header-cache.js'

const header = Buffer.from(
  'Received: a\r\n\tb\r\nSubject: one\r\njunk\r\nTo : x\r\nsubject:\r\n two\r\nX: y\r\n\r\nSubject: body\r\n',
)
const range = { start: 0, end: header.indexOf('\r\n\r\n') + 4 }
const select = (keep: 'named' | 'others', ...names: string[]): string =>
  selectFields(header, range, { names: fieldNames(names), keep }).toString()

describe('mime header', () => {
  it('selects fields with their folds', () => {
    expect(select('named', 'SUBJECT')).to.equal('Subject: one\r\nsubject:\r\n two\r\n\r\n')
    expect(select('named', 'Received', 'x', 'none')).to.equal('Received: a\r\n\tb\r\nX: y\r\n\r\n')
    expect(select('named', 'none')).to.equal('\r\n')
  })

  it('selects the others, and with them what is no field', () => {
    expect(select('others', 'subject', 'x')).to.equal('Received: a\r\n\tb\r\njunk\r\nTo : x\r\n\r\n')
  })

  it('ends where the header ends, also without a blank line', () => {
    const open = Buffer.from('A: b\r\nC: d')
    expect(
      selectFields(open, { start: 0, end: open.length }, { names: fieldNames(['c']), keep: 'named' }).toString(),
    ).to.equal('C: d\r\n')
  })

  it('gives unfolded values', () => {
    expect(fieldValues(header, range, { name: 'Subject' })).to.deep.equal(['one', ' two'])
    expect(fieldValues(header, range, { name: 'Subject', limit: 1 })).to.deep.equal(['one'])
    expect(fieldValues(header, range, { name: 'received' })).to.deep.equal(['a\tb'])
    expect(fieldValues(header, range, { name: 'junk' })).to.deep.equal([])
  })

  it('caches what clients ask for', () => {
    expect(headerCache(header, range)?.toString()).to.equal('Subject: one\r\nsubject:\r\n two\r\n\r\n')
    const long = Buffer.from(`To: ${'a@b, '.repeat(5000)}\r\n\r\n`)
    expect(headerCache(long, { start: 0, end: long.length })).to.equal(undefined)
    expect(areCached(['Subject', 'FROM'])).to.equal(true)
    expect(areCached(['Subject', 'Received'])).to.equal(false)
  })
})
