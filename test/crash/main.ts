/** The long crash tests: power cuts and kill storms, seeded; prints figures for docs/reliability.md. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { replay, runPower, straceIsThere } from './power/run.js'
import { partSeed } from './random.js'

const usage = `usage: main.js [--seed N] [--seconds N] [--states N] [--only NAME] [--keep DIRECTORY]
       main.js --replay KEPT-DIRECTORY --state N`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    seconds: { type: 'string', default: '60' },
    states: { type: 'string', default: '500' },
    only: { type: 'string' },
    keep: { type: 'string', default: 'crash-failures' },
    replay: { type: 'string' },
    state: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
})

const scenarios = fileURLToPath(new URL('./scenarios/', import.meta.url))
/** Scenarios that must lose something; they prove the simulator, not the store. */
const losing = new Set(['unsynced'])

/** Every power-cut scenario in turn, with its share of the states and of the time. Returns the number of failures. */
async function powerCuts(seed: number, states: number, seconds: number): Promise<number> {
  if (!straceIsThere()) {
    console.log('SKIPPED: power cuts (strace is missing or may not trace here)')
    return 0
  }
  const names = readdirSync(scenarios)
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.slice(0, -3))
    .filter((name) => (values.only === undefined ? !losing.has(name) : name === values.only))
  const rounds = Math.max(1, Math.ceil(states / names.length / 250))
  const until = performance.now() + seconds * 1000
  let failures = 0
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      if (performance.now() > until) break
      const run = { module: `${scenarios}${name}.js`, seed: partSeed(seed, round), keep: resolve(values.keep), until }
      const result = await runPower({ ...run, states: Math.ceil(states / names.length / rounds) })
      const { trace, check } = result.milliseconds
      console.log(
        `power ${name} seed ${run.seed}: ${result.calls} calls, ${result.notes} notes, ${result.checked} states, ` +
          `${result.failures.length} failures; trace ${(trace / 1000).toFixed(1)} s, check ${(check / 1000).toFixed(1)} s`,
      )
      for (const failure of result.failures)
        console.log(`  state ${failure.state} (${failure.what}):\n    ${failure.complaints.slice(0, 6).join('\n    ')}`)
      if (result.kept !== undefined) console.log(`  kept: main.js --replay ${result.kept} --state N`)
      failures += result.failures.length
    }
  }
  return failures
}

if (values.help) {
  console.log(usage)
} else if (values.replay !== undefined) {
  const complaints = await replay(resolve(values.replay), scenarios, Number(values.state))
  console.log(complaints.join('\n') || 'no complaint')
  process.exitCode = complaints.length > 0 ? 1 : 0
} else {
  console.log(`seed ${values.seed}`)
  const failures = await powerCuts(Number(values.seed), Number(values.states), Number(values.seconds))
  process.exitCode = failures > 0 ? 1 : 0
}
