/** The long crash tests: power cuts and kill storms, seeded; prints figures for docs/reliability.md. */
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { replay, runPower, straceIsThere } from './power/run.js'
import { partSeed } from './random.js'
import { killAtSteps } from './store/kills.js'
import { runModel } from './store/model-run.js'
import { storeStorm } from './storm/store-storm.js'
import { storm } from './storm/storm.js'

const usage = `usage: main.js [--seed N] [--seconds N] [--states N] [--only PART] [--keep DIRECTORY]
       PART: storm, storestorm, kills, model, or a power-cut scenario (environment, processes, store …)
       main.js --replay KEPT-DIRECTORY --state N`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    seconds: { type: 'string', default: '60' },
    states: { type: 'string', default: '500' },
    only: { type: 'string' },
    keep: { type: 'string', default: join(tmpdir(), 'angarium-crash') },
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

/** Storms of 2 and of 4 writing processes, half of the time each. Returns the number of complaints. */
async function storms(seed: number, seconds: number): Promise<number> {
  let complaints = 0
  for (const writers of [2, 4]) {
    const result = await storm({ seed: partSeed(seed, writers), seconds: seconds / 2, writers })
    console.log(
      `storm ${writers} writers: ${result.kills} kills (${result.massKills} times all at once), ` +
        `${result.acknowledged} acknowledged, ${result.checks} checks, ${result.complaints.length} complaints`,
    )
    for (const complaint of result.complaints.slice(0, 10)) console.log(`  ${complaint}`)
    complaints += result.complaints.length
  }
  return complaints
}

/** A storm of three processes on the whole store. Returns the number of complaints. */
async function storeStorms(seed: number, seconds: number): Promise<number> {
  const result = await storeStorm({ seed, seconds, workers: 3 })
  console.log(
    `store storm: ${result.kills} kills (${result.massKills} times all at once), ${result.acknowledged} acknowledged, ` +
      `${result.complaints.length} complaints`,
  )
  for (const complaint of result.complaints.slice(0, 10)) console.log(`  ${complaint}`)
  return result.complaints.length
}

/** Kills at numbered steps, for that long. Returns the number of complaints. */
async function kills(seed: number, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000
  const result = await killAtSteps({ seed, length: 60, kills: 100_000, until, keep: resolve(values.keep) })
  console.log(
    `kills at steps: ${result.kills} kills at ${result.places.size} kinds of places, ${result.complaints.length} complaints`,
  )
  for (const complaint of result.complaints) console.log(`  ${complaint}`)
  return result.complaints.length
}

/** Programs against the reference, for that long. Returns the number of complaints. */
async function models(seed: number, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000
  let programs = 0
  for (; performance.now() < until; programs++) {
    const complaints = await runModel({ seed: partSeed(seed, programs), length: 200 })
    for (const complaint of complaints) console.log(`  ${complaint}`)
    if (complaints.length > 0) return complaints.length
  }
  console.log(`model: ${programs} programs of 200 steps, 0 complaints`)
  return 0
}

if (values.help) {
  console.log(usage)
} else if (values.replay !== undefined) {
  const complaints = await replay(resolve(values.replay), scenarios, Number(values.state))
  console.log(complaints.join('\n') || 'no complaint')
  process.exitCode = complaints.length > 0 ? 1 : 0
} else {
  console.log(`seed ${values.seed}`)
  const [seed, seconds] = [Number(values.seed), Number(values.seconds)]
  let failures = 0
  const parts: Record<string, (seconds: number) => Promise<number>> = {
    storm: (share) => storms(seed, share),
    storestorm: (share) => storeStorms(seed, share),
    kills: (share) => kills(seed, share),
    model: (share) => models(seed, share),
  }
  const chosen = values.only === undefined ? Object.keys(parts) : [values.only].filter((name) => name in parts)
  const share = seconds / (chosen.length + (values.only === undefined ? 1 : 0) || 1)
  if (values.only === undefined || chosen.length === 0) failures += await powerCuts(seed, Number(values.states), share)
  for (const name of chosen) failures += (await parts[name]?.(share)) ?? 0
  process.exitCode = failures > 0 ? 1 : 0
}
