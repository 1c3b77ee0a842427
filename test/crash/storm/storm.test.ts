/** A short kill storm on the bare environment; the long one is test/crash/main. */
import { expect } from 'chai'
import { storm } from './storm.js'

describe('crash/storm', () => {
  it('keeps every acknowledged commit of two writers that are killed again and again', async () => {
    // How many commits there are depends on how busy the machine is; what matters is that none is lost.
    const { kills, complaints } = await storm({ seed: 1, seconds: 1.5, writers: 2 })
    expect(complaints).to.deep.equal([])
    expect(kills).to.be.greaterThan(0)
  })
})
