/** The store against its reference, killed at its steps, and after power cuts; the long run is test/crash/main. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { runPower, straceIsThere } from '../power/run.js'
import { killAtSteps } from './kills.js'
import { runModel } from './model-run.js'

const scenario = fileURLToPath(new URL('../scenarios/store.js', import.meta.url))

describe('crash/store', () => {
  let keep: string
  beforeEach(() => {
    keep = mkdtempSync(join(tmpdir(), 'angarium-kept.'))
  })
  afterEach(() => rmSync(keep, { recursive: true }))

  for (const seed of [1, 2, 3, 4])
    it(`does what the reference does, program ${seed}`, async () => {
      expect(await runModel({ seed, length: 80 })).to.deep.equal([])
    })

  it('is whole after a process died at one of its steps', async () => {
    const { kills, complaints } = await killAtSteps({ seed: 1, length: 25, kills: 2, keep })
    expect(complaints).to.deep.equal([])
    expect(kills).to.equal(2)
  })

  it('is whole after a power cut', async function () {
    if (!straceIsThere()) this.skip()
    const { failures, checked } = await runPower({ module: scenario, seed: 1, states: 40, keep })
    expect(failures).to.deep.equal([])
    expect(checked).to.equal(40)
  })
})
