/** Kills a process at the numbered steps of its changes, lets another recover (killed in its turn), and judges what is left. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { partSeed, seeded } from '../random.js'
import { makeRoot, openDirect } from './direct.js'
import { inspect, judge } from './judge.js'
import { makeProgram } from './program.js'

const victim = fileURLToPath(new URL('./victim.js', import.meta.url))

export interface KillsOptions {
  readonly seed: number
  /** Changes in each program. */
  readonly length: number
  /** Kills to make, over as many programs as it takes. */
  readonly kills: number
  /** Milliseconds (of performance.now) after which no further kill is made. */
  readonly until?: number
  /** Where failing trees are kept. */
  readonly keep: string
}

export interface KillsResult {
  readonly kills: number
  /** Different places: kind of change and name of step. */
  readonly places: ReadonlyMap<string, number>
  readonly complaints: readonly string[]
}

interface Place {
  readonly step: number
  readonly name: string
}

/** Places that were hit seldom come first, so that few kills reach many kinds. */
export async function killAtSteps(options: KillsOptions): Promise<KillsResult> {
  const places = new Map<string, number>()
  const complaints: string[] = []
  let kills = 0
  const over = () => kills >= options.kills || (options.until !== undefined && performance.now() > options.until)
  for (let program = 0; !over() && complaints.length === 0; program++) {
    const seed = partSeed(options.seed, program)
    const all = listPlaces(seed, options.length)
    const random = seeded(seed)
    for (let k = 0; k < Math.ceil(all.length / 4) && !over(); k++) {
      const chosen = rarest(all, places, random.below(all.length))
      if (!chosen) break
      places.set(chosen.name, (places.get(chosen.name) ?? 0) + 1)
      kills++
      complaints.push(...(await killAt({ ...options, seed }, chosen)))
      if (complaints.length > 0) break
    }
  }
  return { kills, places, complaints }
}

/** The places of a program at which a process can die, by running it to its end. */
function listPlaces(seed: number, length: number): Place[] {
  return inDirectory((root, notes) => {
    run(root, notes, [seed, length, 0])
    return readFileSync(notes, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [kind, step, change, name] = line.split(' ')
        return kind === 'step' ? [{ step: Number(step), name: `${change} ${name}` }] : []
      })
  })
}

function rarest(all: readonly Place[], places: ReadonlyMap<string, number>, from: number): Place | undefined {
  let best: Place | undefined
  for (let k = 0; k < all.length; k++) {
    const place = all[(from + k) % all.length]
    if (!place) continue
    if (best === undefined || (places.get(place.name) ?? 0) < (places.get(best.name) ?? 0)) best = place
  }
  return best
}

async function killAt({ seed, length, keep }: KillsOptions, { step, name }: Place): Promise<string[]> {
  return await inDirectory(async (root, notes) => {
    run(root, notes, [seed, length, step])
    // Recovery is killed too: its first steps are those of whoever starts next.
    for (const die of [1, 2, 5]) spawnRecovery(root, die)
    const store = await openDirect({ root })
    const said = readFileSync(notes, 'utf8').split('\n').slice(0, -1)
    const found = [...judge(store, makeProgram(seed, length), said), ...inspect(store)]
    await store.abandon()
    if (found.length === 0) return []
    const kept = join(keep, `kill-${seed}-${step}`)
    mkdirSync(keep, { recursive: true })
    rmSync(kept, { recursive: true, force: true })
    cpSync(root, kept, { recursive: true })
    return [`killed at step ${step} (${name}) of program ${seed}; tree kept at ${kept}`, ...found]
  })
}

/** A start-up that dies at its N-th step; one with fewer steps ends by itself. */
function spawnRecovery(root: string, dieAt: number): void {
  const notes = join(root, '..', 'recovery-notes')
  writeFileSync(notes, '')
  run(root, notes, [0, 0, dieAt])
}

function run(root: string, notes: string, [seed, length, dieAt]: readonly [number, number, number]): void {
  const args = [victim, root, notes, String(seed), String(length), String(dieAt)]
  const { status, signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(`the victim ended with ${status ?? signal}: ${stderr}`)
}

function inDirectory<T>(use: (root: string, notes: string) => T): T {
  const work = mkdtempSync(join(tmpdir(), 'angarium-kill.'))
  const root = join(work, 'root')
  const notes = join(work, 'notes')
  mkdirSync(root)
  writeFileSync(notes, '')
  makeRoot(root)
  const remove = () => rmSync(work, { recursive: true, force: true })
  const result = use(root, notes)
  if (result instanceof Promise) result.finally(remove).catch(() => undefined)
  else remove()
  return result
}
