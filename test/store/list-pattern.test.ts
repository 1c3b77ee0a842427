// LIST patterns against a regular expression, and in bounded time.
import { expect } from 'chai'
import fc from 'fast-check'
import { literalPrefix, matchesPattern } from '../../src/store/list-pattern.js'

function model(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('%', '[^/]*')}$`, 's')
}

describe('LIST patterns', () => {
  it('match as the grammar says', () => {
    const letter = fc.constantFrom('a', 'b', '/')
    const piece = fc.oneof(letter, fc.constantFrom('*', '%'))
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 12 }), fc.array(piece, { maxLength: 9 }), (name, pattern) => {
        const [n, p] = [name.join(''), pattern.join('')]
        expect(matchesPattern(n, { pattern: p, separator: '/' }), `${n} ${p}`).to.equal(model(p).test(n))
        if (model(p).test(n)) expect(n.startsWith(literalPrefix(p))).to.equal(true)
      }),
      { numRuns: 5000 },
    )
  })
  it('find INBOX in any case', () => {
    expect(matchesPattern('INBOX', { pattern: 'inbox', separator: '/' })).to.equal(true)
    expect(matchesPattern('INBOX/x', { pattern: 'Inbox/%', separator: '/' })).to.equal(true)
    expect(matchesPattern('inboxes', { pattern: 'inboxes', separator: '/' })).to.equal(true)
  })
  it('answer in time whatever the pattern', () => {
    const before = performance.now()
    expect(matchesPattern('a'.repeat(490), { pattern: `${'*a%a'.repeat(200)}b`, separator: '.' })).to.equal(false)
    expect(performance.now() - before).to.be.lessThan(2000)
  })
})
