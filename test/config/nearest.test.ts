/** The nearest known name. */
import { expect } from 'chai'
import { didYouMean, distance, nearest } from '../../src/config/nearest.js'

describe('config/nearest', () => {
  const pairs: [one: string, other: string, steps: number][] = [
    ['timeout', 'timeout', 0],
    ['timout', 'timeout', 1],
    ['tiemout', 'timeout', 1],
    ['admin', 'admins', 1],
    ['', 'abc', 3],
  ]
  for (const [one, other, steps] of pairs)
    it(`${one} and ${other} are ${steps} apart`, () => expect(distance(one, other, 9)).to.equal(steps))

  it('finds the best, or nothing when all are far', () => {
    expect(nearest('admin', ['timeout', 'admins'])).to.equal('admins')
    expect(nearest('xyz', ['timeout', 'admins'])).to.equal(undefined)
    expect(didYouMean('xyz', ['admins'])).to.equal('')
  })
})
