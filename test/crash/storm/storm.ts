/** Kill storm on the bare environment: several writing processes, killed at random, every acknowledgement accounted for. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Environment } from '../../../src/db/environment.js'
import { checkLedger, openLedger } from '../ledger/ledger.js'
import { partSeed, seeded } from '../random.js'
import { startHerd } from './herd.js'

const writerProgram = fileURLToPath(new URL('./writer.js', import.meta.url))

export interface StormOptions {
  readonly seed: number
  readonly seconds: number
  readonly writers: number
}

export interface StormResult {
  readonly kills: number
  /** Times at which all processes were killed at once. */
  readonly massKills: number
  readonly acknowledged: number
  readonly checks: number
  readonly complaints: readonly string[]
}

/** Runs a storm in a directory of its own. The timing of the kills is random but for the seed; the check is not. */
export async function storm({ seed, seconds, writers }: StormOptions): Promise<StormResult> {
  const work = mkdtempSync(join(tmpdir(), 'angarium-storm.'))
  const ledgers = Array.from({ length: writers }, (_, writer) => join(work, `acknowledged.${writer}`))
  for (const ledger of ledgers) writeFileSync(ledger, '')
  const random = seeded(seed)
  const path = join(work, 'index')
  const complaints: string[] = []
  const herd = startHerd(writerProgram, writers, (writer, start) => ({
    path,
    writer,
    seed: partSeed(seed, start),
    acknowledged: ledgers[writer],
  }))
  let checks = 0
  try {
    const until = performance.now() + seconds * 1000
    let nextCheck = performance.now() + 5000
    while (performance.now() < until && complaints.length + herd.complaints.length === 0) {
      await pause(20 + random.below(180))
      if (random.chance(0.1)) await herd.restartAll()
      else await herd.restart(random.below(writers))
      if (performance.now() < nextCheck) continue
      complaints.push(...(await audit(path, ledgers)).complaints)
      checks++
      nextCheck = performance.now() + 5000
    }
    await herd.killAll()
    const last = await audit(path, ledgers)
    return {
      kills: herd.kills(),
      massKills: herd.massKills(),
      acknowledged: last.acknowledged,
      checks: checks + 1,
      complaints: [...herd.complaints, ...complaints, ...last.complaints],
    }
  } finally {
    await herd.killAll()
    rmSync(work, { recursive: true, force: true })
  }
}

/** The acknowledgements first, then a snapshot that must hold them all. */
async function audit(
  path: string,
  ledgers: readonly string[],
): Promise<{ acknowledged: number; complaints: string[] }> {
  const lines = ledgers.flatMap((ledger) => readFileSync(ledger, 'utf8').split('\n').slice(0, -1))
  const acknowledged = lines.filter((line) => !line.startsWith('COMPLAINT'))
  const environment = new Environment({ path, durable: true })
  try {
    const complaints = lines.filter((line) => line.startsWith('COMPLAINT')).slice(0, 5)
    return {
      acknowledged: acknowledged.length,
      complaints: [...complaints, ...checkLedger(openLedger(environment), acknowledged)],
    }
  } finally {
    await environment.close()
  }
}
