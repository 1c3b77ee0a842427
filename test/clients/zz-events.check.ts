/** EVENTS jobs run on their period, at their time of day, and by cron; last of the checks, since it waits a minute. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { until } from '../support/wait.js'
import { sharedServer } from './shared.js'

describe('EVENTS', () => {
  async function times(name: string, count: number): Promise<number[]> {
    const file = join((await sharedServer()).directory, 'out', name)
    const read = (): number[] => readFileSync(file, 'latin1').split('\n').filter(Boolean).map(Number)
    await until(`${count} runs of ${name}`, () => read().length >= count, 130_000)
    return read()
  }

  it('run by period, a minute apart', async function () {
    this.timeout(140_000)
    const [first = 0, second = 0] = await times('byperiod', 2)
    expect(second - first).to.be.within(50, 70)
  })

  it('run at their time of day', async function () {
    this.timeout(140_000)
    expect(await times('attime', 1)).to.have.length(1)
  })

  it('run by cron', async function () {
    if ((await sharedServer()).make === 'cyrus') return
    this.timeout(140_000)
    const [first = 0] = await times('bycron', 1)
    expect(first % 60).to.be.below(10)
  })
})
