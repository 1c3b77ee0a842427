/** Kill storm on the bare environment: several writing processes, killed at random, every acknowledgement accounted for. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Environment } from '../../../src/db/environment.js'
import { checkLedger, openLedger } from '../ledger/ledger.js'
import { partSeed, seeded } from '../random.js'

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
  const children: ChildProcess[] = []
  let started = 0
  const start = (writer: number): void => {
    started++
    const orders = { path, writer, seed: partSeed(seed, started), acknowledged: ledgers[writer] }
    const child = spawn(process.execPath, [writerProgram, JSON.stringify(orders)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let printed = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL')
        complaints.push(`writer ${writer} ended by itself (${signal ?? code}): ${printed.slice(0, 500)}`)
    })
    children[writer] = child
  }
  const kill = async (writer: number): Promise<void> => {
    const child = children[writer]
    if (!child) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await gone
    }
  }
  const all = Array.from({ length: writers }, (_, writer) => writer)
  let [kills, massKills, checks] = [0, 0, 0]
  try {
    for (const writer of all) start(writer)
    await firstAcknowledgement(ledgers)
    const until = performance.now() + seconds * 1000
    let nextCheck = performance.now() + 5000
    while (performance.now() < until && complaints.length === 0) {
      await pause(20 + random.below(180))
      if (random.chance(0.1)) {
        await Promise.all(all.map(kill))
        kills += writers
        massKills++
        for (const writer of all) start(writer)
      } else {
        const writer = random.below(writers)
        await kill(writer)
        kills++
        start(writer)
      }
      if (performance.now() > nextCheck) {
        complaints.push(...(await audit(path, ledgers)).complaints)
        checks++
        nextCheck = performance.now() + 5000
      }
    }
    await Promise.all(all.map(kill))
    const last = await audit(path, ledgers)
    return {
      kills: kills + writers,
      massKills,
      acknowledged: last.acknowledged,
      checks: checks + 1,
      complaints: [...complaints, ...last.complaints],
    }
  } finally {
    await Promise.all(all.map(kill))
    rmSync(work, { recursive: true, force: true })
  }
}

/** On a busy machine a process needs seconds to begin: killing earlier would test nothing. */
async function firstAcknowledgement(ledgers: readonly string[]): Promise<void> {
  for (let waited = 0; waited < 8000 && ledgers.every((ledger) => statSync(ledger).size === 0); waited += 20)
    await pause(20)
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
