// motd and shutdown: read from msg/ at most once a second, set and taken away by administrators.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { notices } from '../../../src/services/worker/notices.js'

describe('services/worker/notices', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'notices-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  it('are set, read and taken away', () => {
    const here = notices(dir)
    expect([here.motd(), here.shutdown()]).to.deep.equal([undefined, undefined])
    here.set('motd', 'Welcome to all')
    here.set('shutdown', 'Down\nfor repair')
    expect([here.motd(), here.shutdown()]).to.deep.equal(['Welcome to all', 'Down'])
    expect(readdirSync(join(dir, 'msg')).sort()).to.deep.equal(['motd', 'shutdown'])
    here.set('shutdown', undefined)
    here.set('shutdown', undefined)
    expect(here.shutdown()).to.equal(undefined)
  })

  it('shut the doors without a word too, and greet with nothing', () => {
    const here = notices(dir)
    here.set('motd', '')
    here.set('shutdown', '')
    expect([here.motd(), here.shutdown()]).to.deep.equal([undefined, 'System shutting down'])
  })

  it('are believed for a second', () => {
    let now = 0
    const here = notices(dir, () => now)
    here.set('motd', 'first')
    expect(here.motd()).to.equal('first')
    writeFileSync(join(dir, 'msg/motd'), 'second\n')
    expect(here.motd()).to.equal('first')
    now = 1001
    expect(here.motd()).to.equal('second')
  })
})
