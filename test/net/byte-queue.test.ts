/** Lines come out of the queue the same however the bytes were sliced on the way in. */
import { expect } from 'chai'
import fc from 'fast-check'
import { ByteQueue } from '../../src/net/byte-queue.js'

function lines(queue: ByteQueue): string[] {
  const found: string[] = []
  for (let line = queue.takeLine(); line; line = queue.takeLine()) found.push(line.toString('latin1'))
  return found
}

describe('net byte queue', () => {
  it('cuts lines at CRLF and at bare LF', () => {
    const queue = new ByteQueue()
    queue.push(Buffer.from('one\r\ntwo\n\r\n\nfi'))
    expect(lines(queue)).to.deep.equal(['one', 'two', '', ''])
    queue.push(Buffer.from('ve\r'))
    expect(lines(queue)).to.deep.equal([])
    queue.push(Buffer.from('\n'))
    expect(lines(queue)).to.deep.equal(['five'])
    expect(queue.length).to.equal(0)
  })

  it('does not mind how the bytes are sliced', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'bc', '\r', '\n', '\r\n')), fc.array(fc.nat(5)), (words, cuts) => {
        const bytes = Buffer.from(words.join(''))
        const whole = new ByteQueue()
        whole.push(bytes)
        const sliced = new ByteQueue()
        const found: string[] = []
        let at = 0
        for (let turn = 0; at < bytes.length; turn++) {
          const size = 1 + (cuts[turn % Math.max(1, cuts.length)] ?? 0)
          sliced.push(bytes.subarray(at, at + size))
          if (turn % 3 === 0) found.push(...lines(sliced))
          at += size
        }
        found.push(...lines(sliced))
        expect(found).to.deep.equal(lines(whole))
        expect(sliced.takeAll().equals(whole.takeAll())).to.equal(true)
      }),
    )
  })

  it('joins many small slices', () => {
    const queue = new ByteQueue()
    for (let i = 0; i < 10_000; i++) queue.push(Buffer.from([97 + (i % 26)]))
    expect(queue.takeLine()).to.equal(undefined)
    queue.push(Buffer.from('\nrest'))
    expect(queue.takeLine()?.length).to.equal(10_000)
    expect(queue.takeSome(2).toString()).to.equal('re')
    queue.unshift(Buffer.from('re'))
    expect(queue.takeAll().toString()).to.equal('rest')
  })
})
