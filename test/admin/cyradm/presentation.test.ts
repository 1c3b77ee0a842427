// What cyradm prints, beside what Cyrus 3.6's shell printed for the same answers; flags and rights as it reads them.
import { expect } from 'chai'
import { reasonLines, reasonsFor } from '../../../src/admin/cyradm/acl-reasons.js'
import { annotationLines, entryOf } from '../../../src/admin/cyradm/annotations.js'
import { inColumns } from '../../../src/admin/cyradm/columns.js'
import { readFlags, Usage } from '../../../src/admin/cyradm/flags.js'
import { rightsOf } from '../../../src/admin/cyradm/right-words.js'
import { quotaText } from '../../../src/admin/cyradm/verbs/listquota.js'

describe('admin/cyradm presentation', () => {
  it('lists in columns, down first, every cell padded', () => {
    expect(inColumns([])).to.deep.equal([])
    expect(
      inColumns(['user.mary (\\HasNoChildren)', 'user.paul (\\HasChildren)', 'user.x (\\HasNoChildren)']),
    ).to.deep.equal(['user.mary (\\HasNoChildren)  user.x (\\HasNoChildren)     ', 'user.paul (\\HasChildren)    '])
    const long = `user.${'a'.repeat(90)}`
    expect(inColumns([long, 'user.b'])).to.deep.equal([long, 'user.b'.padEnd(80)])
  })

  it('shows annotations by section, sorted, under their short names', () => {
    const entries = new Map([
      ['/shared/vendor/cmu/cyrus-imapd/squat', undefined],
      ['/shared/vendor/cmu/cyrus-imapd/freespace/percent/most', '1;2'],
      ['/shared/comment', undefined],
      ['/private/comment', 'mine'],
    ])
    expect(annotationLines('{user.fay}:', entries)).to.deep.equal([
      '{user.fay}:',
      '  private:',
      '    comment: mine',
      '  shared:',
      '    comment: NIL',
      '    most: 1;2',
      '    squat: NIL ',
    ])
  })

  it('knows the names of annotations', () => {
    const known = ['comment', 'expire', 'specialuse']
    const entry = (name: string, scope: 'shared' | 'private' = 'shared'): unknown => entryOf(name, { scope, known })
    expect(entry('comment')).to.equal('/shared/comment')
    expect(entry('comment', 'private')).to.equal('/private/comment')
    expect(entry('expire')).to.equal('/shared/vendor/cmu/cyrus-imapd/expire')
    expect(entry('specialuse')).to.equal('/private/specialuse')
    expect(entry('/vendor/x/y')).to.equal('/shared/vendor/x/y')
    expect(entry('/private/comment')).to.equal('/private/comment')
    expect(entry('bogus')).to.equal(undefined)
  })

  it('shows quota', () => {
    const quota = (usage: number, limit: number): string => quotaText([{ resource: 'STORAGE', usage, limit }])
    expect(quota(0, 1000)).to.equal('STORAGE 0/1000 (0%)')
    expect(quota(1, 5)).to.equal('STORAGE 1/5 (20%)')
    expect(quota(0, 0)).to.equal('STORAGE 0/0')
    expect(quotaText([])).to.equal(' /')
  })

  for (const [typed, rights] of [
    ['none', ''],
    ['read', 'lrs'],
    ['post', 'lrsp'],
    ['append', 'lrsip'],
    ['write', 'lrswipkxte'],
    ['delete', 'lrxte'],
    ['all', 'lrswipkxtea'],
    ['lrswipcd', 'lrswipcd'],
    ['+w', '+w'],
    ['-read', '-lrs'],
  ]) {
    it(`takes ${typed} for "${rights}"`, () => expect(rightsOf(typed ?? '')).to.equal(rights))
  }

  it('explains rights', () => {
    const acl = [
      { identifier: 'anyone', rights: 'lrs' },
      { identifier: 'mary', rights: 'w' },
      { identifier: '-mary', rights: 's' },
      { identifier: 'group:staff', rights: 'lrswi' },
    ]
    const lines = reasonLines(reasonsFor('mary', { acl, always: 'la' }))
    expect(lines[0]).to.match(/^l {2}yes {2}see .* \(always, anyone, if in group:staff\)$/)
    expect(lines[2]).to.match(/^s {2}no {3}keep .* \(anyone, taken away by -mary, if in group:staff\)$/)
    expect(lines[3]).to.match(/^w {2}yes .* \(mary, if in group:staff\)$/)
    expect(lines[4]).to.match(/^i {2}no .* \(if in group:staff\)$/)
    expect(lines[5]).to.equal('p  no   send mail to it')
    expect(lines).to.have.length(12)
  })

  it('reads flags, long in full and short abbreviated', () => {
    const kinds = { partition: 'value', specialuse: 'value', all: 'switch' } as const
    const flags = (...words: string[]): unknown => {
      const given = readFlags(words, kinds)
      return [given.words, Object.fromEntries(given.flags)]
    }
    expect(flags('--partition', 'p', 'a', '-all', 'b')).to.deep.equal([['a', 'b'], { partition: 'p', all: '' }])
    expect(flags('-p', 'x', 'a')).to.deep.equal([['a'], { partition: 'x' }])
    expect(flags('--partition=q', '--', '-p')).to.deep.equal([['-p'], { partition: 'q' }])
    for (const wrong of [['--part', 'x'], ['-bogus'], ['--partition']])
      expect(() => readFlags(wrong, kinds)).to.throw(Usage)
    expect(readFlags(['a', '-dave', 'x'], {}, { loose: true }).words).to.deep.equal(['a', '-dave', 'x'])
    expect(() => readFlags(['a', '--dave'], {}, { loose: true })).to.throw(Usage)
  })
})
