/** The framer finds the same in whatever slices the bytes come. */
import { expect } from 'chai'
import fc from 'fast-check'
import { type Framed, Framer } from '../../../src/syntax/imap/framing.js'

type Answer = 'accept' | 'stream' | 'discard' | 'refuse'
const limits = { line: 60, command: 200 }

/** Everything found, as text; literal questions are answered in turn. */
function frame(slices: readonly Buffer[], answers: readonly Answer[], used = limits): string[] {
  const framer = new Framer(used)
  const found: string[] = []
  const left = [...answers]
  let piece = ''
  for (const slice of slices) {
    framer.push(slice)
    for (let framed = framer.next(); framed !== undefined; framed = framer.next()) {
      if (framed.kind === 'bytes') {
        piece += framed.bytes.toString('latin1')
        if (framed.last) found.push(`bytes ${piece}`)
        if (framed.last) piece = ''
        continue
      }
      found.push(words(framed))
      if (framed.kind === 'literal') framer[left.shift() ?? 'accept']()
    }
  }
  return found
}

function words(framed: Exclude<Framed, { kind: 'bytes' }>): string {
  if (framed.kind === 'tooLong') return 'tooLong'
  if (framed.kind === 'literal') {
    return `literal ${framed.size}${framed.synchronizing ? '' : '+'}${framed.binary ? '~' : ''}`
  }
  return `command ${framed.parts.map((part) => part.toString('latin1')).join('|')}`
}

const bytewise = (bytes: Buffer): Buffer[] => [...bytes].map((octet) => Buffer.of(octet))

interface Case {
  readonly input: string
  readonly answers?: readonly Answer[]
  readonly found: readonly string[]
}

const cases: readonly Case[] = [
  { input: 'a NOOP\r\n', found: ['command a NOOP'] },
  { input: 'a NOOP\n\r\nb NOOP\r\n', found: ['command a NOOP', 'command ', 'command b NOOP'] },
  { input: 'a NOOP\r', found: [] },
  { input: 'a X {3}\r\nabc\r\n', found: ['literal 3', 'command a X {3}|abc|'] },
  { input: 'a X {3+}\r\nabc {0}\r\n x\r\n', found: ['literal 3+', 'literal 0', 'command a X {3+}|abc| {0}|| x'] },
  { input: 'a X ~{2}\r\n\0\n\r\n', found: ['literal 2~', 'command a X ~{2}|\0\n|'] },
  { input: 'a X {3}\r\nb NOOP\r\n', answers: ['refuse'], found: ['literal 3', 'command b NOOP'] },
  { input: 'a X {6+}\r\nabcdef\r\n', answers: ['stream'], found: ['literal 6+', 'bytes abcdef', 'command a X {6+}||'] },
  { input: 'a X {0+}\r\n\r\n', answers: ['stream'], found: ['literal 0+', 'bytes ', 'command a X {0+}||'] },
  { input: 'a X {6+}\r\nabcdef y\r\n', answers: ['discard'], found: ['literal 6+', 'command a X {6+}|| y'] },
  { input: `${'x'.repeat(60)}\r\n`, found: [`command ${'x'.repeat(60)}`] },
  { input: `${'x'.repeat(61)}\r\nb\r\n`, found: ['tooLong', 'command b'] },
  { input: `a {1}\r\nx${'x'.repeat(100)}\r\nb\r\n`, found: ['literal 1', 'tooLong', 'command b'] },
  { input: 'a {12345678901234567890}\r\nb\r\n', found: ['command a {12345678901234567890}', 'command b'] },
  { input: 'a {}\r\na 1}\r\n', found: ['command a {}', 'command a 1}'] },
]

describe('syntax/imap/framing', () => {
  for (const { input, answers = [], found } of cases) {
    it(JSON.stringify(input).slice(0, 70), () => {
      const bytes = Buffer.from(input, 'latin1')
      expect(frame([bytes], answers)).to.deep.equal(found)
      expect(frame(bytewise(bytes), answers)).to.deep.equal(found)
    })
  }

  it('finds the same in any slices', () => {
    const token = fc.constantFrom('a', ' ', '{3}\r\n', '{2+}\r\n', '~{4}\r\n', '\r\n', '\n', '\r', '\0', '"', 'xyz')
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 40 }),
        fc.array(fc.constantFrom<Answer>('accept', 'stream', 'discard', 'refuse')),
        (tokens, answers) => {
          const bytes = Buffer.from(tokens.join(''), 'latin1')
          expect(frame(bytewise(bytes), answers)).to.deep.equal(frame([bytes], answers))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('asks before a literal that would pass the command limit', () => {
    const framer = new Framer({ line: 100, command: 100 })
    framer.push(Buffer.from('a X {91}\r\n'))
    framer.next()
    expect(framer.fits(91)).equal(true)
    expect(framer.fits(93)).equal(false)
  })

  it('hands over what it has not used', () => {
    const framer = new Framer(limits)
    framer.push(Buffer.from('a STARTTLS\r\n\x16\x03'))
    framer.next()
    expect(framer.takeRest()).to.deep.equal(Buffer.from('\x16\x03'))
    expect(framer.waiting).equal(0)
  })

  it('drops a line of 10 MB without keeping it', () => {
    const framer = new Framer({ line: 8192, command: 65536 })
    const chunk = Buffer.alloc(65536, 'x')
    const kinds: string[] = []
    for (let i = 0; i < 160; i++) {
      framer.push(chunk)
      const framed = framer.next()
      if (framed !== undefined) kinds.push(framed.kind)
      expect(framer.waiting).lessThan(2 * 65536)
    }
    framer.push(Buffer.from('\r\nb NOOP\r\n'))
    expect(kinds).to.deep.equal(['tooLong'])
    expect(framer.next()?.kind).equal('command')
  })
})
