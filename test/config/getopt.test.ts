/** Flags as getopt(3) reads them. */
import { expect } from 'chai'
import { getopt, lastOf } from '../../src/config/getopt.js'

describe('config/getopt', () => {
  it('reads values joined and apart, and letters together', () => {
    const flags = getopt(['-C', 'a', '-Mb', '-qf', '-C', 'c', 'rest', '-q'], 'C:M:qf')
    expect(lastOf(flags, 'C')).to.equal('c')
    expect(lastOf(flags, 'M')).to.equal('b')
    expect([...flags.given.keys()]).to.deep.equal(['C', 'M', 'q', 'f'])
    expect(flags.rest).to.deep.equal(['rest', '-q'])
  })

  it('ends at --, and keeps a single -', () => {
    expect(getopt(['-q', '--', '-x'], 'q').rest).to.deep.equal(['-x'])
    expect(getopt(['-'], 'q').rest).to.deep.equal(['-'])
  })

  it('says what is wrong', () => {
    expect(getopt(['-x'], 'q').problem).to.equal('unknown option -x')
    expect(getopt(['-:'], 'C:').problem).to.equal('unknown option -:')
    expect(getopt(['-C'], 'C:').problem).to.equal('option -C needs a value')
  })
})
