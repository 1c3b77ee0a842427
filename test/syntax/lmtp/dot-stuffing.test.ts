// Dot-unstuffing: in one piece and octet by octet, and nothing but CR LF "." CR LF ends a message.
import { expect } from 'chai'
import fc from 'fast-check'
import { stuff, Unstuffer } from '../../../src/syntax/lmtp/dot-stuffing.js'

/** The message and what follows its end; undefined when it has not ended. */
function unstuff(slices: readonly Buffer[]): { message: string; rest: string } | undefined {
  const unstuffer = new Unstuffer()
  const out: Buffer[] = []
  for (const [index, slice] of slices.entries()) {
    const end = unstuffer.push(slice, (bytes) => out.push(Buffer.from(bytes)))
    if (end < 0) continue
    const rest = Buffer.concat([slice.subarray(end), ...slices.slice(index + 1)])
    return { message: Buffer.concat(out).toString('latin1'), rest: rest.toString('latin1') }
  }
  return undefined
}

function bothWays(wire: string) {
  const bytes = Buffer.from(wire, 'latin1')
  const whole = unstuff([bytes])
  const single = unstuff([...bytes].map((octet) => Buffer.from([octet])))
  expect(single).to.deep.equal(whole)
  return whole
}

const ended: [string, string, string?][] = [
  ['.\r\n', ''],
  ['a\r\n.\r\n', 'a\r\n'],
  ['a\r\n.\r\nQUIT\r\n', 'a\r\n', 'QUIT\r\n'],
  ['..\r\n.\r\n', '.\r\n'],
  ['.a\r\n..b\r\n...\r\n.\r\n', 'a\r\n.b\r\n..\r\n'],
  ['a\n.\n.\r\nb\r\n.\r\n', 'a\n.\n.\r\nb\r\n'],
  ['a\r.\r\nb\r\n.\r\n', 'a\r.\r\nb\r\n'],
  ['\r\n.\r\r\n.\r\n', '\r\n\r\r\n'],
  ['\r\n.\n.\r\n.\r\n', '\r\n\n.\r\n'],
  ['a\r\n.\rb\r\n.\r\n', 'a\r\n\rb\r\n'],
  ['\r\r\n.\r\n', '\r\r\n'],
  ['\0\xff\r\n.\r\n', '\0\xff\r\n'],
]
/** Ends that others take for an end: what follows must not become commands. */
const open = ['a\n.\n', 'a\n.\r\n', 'a\r\n.\n', 'a\r.\r', 'a\r\n.\r', 'a.\r\n', '\n.\r\n', 'a\r\n\0.\r\n', '']

describe('dot-stuffing', () => {
  for (const [wire, message, rest = ''] of ended)
    it(`ends ${JSON.stringify(wire)}`, () => expect(bothWays(wire)).to.deep.equal({ message, rest }))
  for (const wire of open) it(`goes on after ${JSON.stringify(wire)}`, () => expect(bothWays(wire)).to.equal(undefined))

  it('reads back what was written, in any slices', () => {
    const octets = fc.array(fc.constantFrom(0x0d, 0x0a, 0x2e, 0x61), { maxLength: 24 })
    fc.assert(
      fc.property(octets, fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), (message, cuts) => {
        const bytes = Buffer.from(message)
        const wire = Buffer.concat([stuff(bytes), Buffer.from('.\r\nNOOP\r\n')])
        const ends = [0, ...cuts.sort((a, b) => a - b), wire.length]
        const slices = ends.slice(1).map((end, index) => wire.subarray(ends[index], end))
        const text = bytes.toString('latin1')
        const whole = text === '' || text.endsWith('\r\n') ? text : text.endsWith('\r') ? `${text}\n` : `${text}\r\n`
        expect(unstuff(slices)).to.deep.equal({ message: whole, rest: '.\r\nNOOP\r\n' })
      }),
      { numRuns: 2000 },
    )
  })
})
