// Command lines as people type them.
import { expect } from 'chai'
import { BadLine, readLine } from '../../../src/admin/cyradm/words.js'

const words = (line: string): unknown => readLine(line).map((command) => command.words)

describe('admin/cyradm/words', () => {
  const lines: [string, unknown][] = [
    ['', []],
    ['   # nothing', []],
    ['cm user.paul', [['cm', 'user.paul']]],
    ['  cm   "user.a b"  ', [['cm', 'user.a b']]],
    ["cm 'user.a \"b'", [['cm', 'user.a "b']]],
    ['cm user.a\\ b.c', [['cm', 'user.a b.c']]],
    [
      'cm a; cm b;cm c;',
      [
        ['cm', 'a'],
        ['cm', 'b'],
        ['cm', 'c'],
      ],
    ],
    ['cm "a;b"', [['cm', 'a;b']]],
    ['setmd --private Spam specialuse "\\\\Junk"', [['setmd', '--private', 'Spam', 'specialuse', '\\Junk']]],
    ['cm --specialuse \\Junk x', [['cm', '--specialuse', '\\Junk', 'x']]],
    ['sam user.a b "" # gone', [['sam', 'user.a', 'b', '']]],
  ]
  for (const [line, expected] of lines) it(line, () => expect(words(line)).to.deep.equal(expected))

  it('knows where output goes', () => {
    expect(readLine('lm >out.txt 2>> "e rr"')).to.deep.equal([
      { words: ['lm'], output: { path: 'out.txt', append: false }, errors: { path: 'e rr', append: true } },
    ])
  })

  for (const line of ['lm "', "lm 'a", 'lm >', 'lm >; x']) {
    it(`refuses ${line}`, () => expect(() => readLine(line)).to.throw(BadLine))
  }
})
