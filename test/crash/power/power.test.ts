/** The power-cut simulator on the bare environment, small and fast; the long run is test/crash/main. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { runPower, straceIsThere } from './run.js'

const scenario = (name: string): string => fileURLToPath(new URL(`../scenarios/${name}.js`, import.meta.url))

describe('crash/power', () => {
  let keep: string
  before(function () {
    if (!straceIsThere()) {
      console.log('      strace is missing or may not trace: the power-cut tests are left out')
      this.skip()
    }
    keep = mkdtempSync(join(tmpdir(), 'angarium-kept.'))
  })
  after(() => {
    if (keep) rmSync(keep, { recursive: true })
  })

  it('finds every acknowledged commit of the environment after a power cut', async () => {
    const result = await runPower({ module: scenario('environment'), seed: 1, states: 60, keep })
    expect(result.failures).to.deep.equal([])
    expect(result.checked).to.equal(60)
  })

  it('finds what an environment without syncs loses', async () => {
    const result = await runPower({ module: scenario('unsynced'), seed: 1, states: 60, keep })
    expect(result.failures).to.have.length(5)
  })
})
