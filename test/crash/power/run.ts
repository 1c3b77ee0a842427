/** The power-cut simulator: traces a program, makes trees as a power cut could leave them, has each of them checked. */
import { spawn, spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { partSeed, seeded } from '../random.js'
import { startChecker } from './asking.js'
import { buildHistory, type History } from './history.js'
import type { Scenario } from './scenario.js'
import { chooseState, differences, finalTree, type State, writeTree } from './states.js'
import { readTrace } from './trace.js'

const tracedProgram = fileURLToPath(new URL('./traced.js', import.meta.url))

/** Every call that can change a file or a name, or say which descriptor is which file. */
const watched = [
  'open,openat,creat,close,dup,dup2,dup3,fcntl,lseek,clone,clone3,fork,vfork',
  'write,pwrite64,writev,pwritev,pwritev2,truncate,ftruncate,fallocate,copy_file_range,sendfile,splice,ioctl',
  'rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir',
  'fsync,fdatasync,sync,syncfs,mmap,io_uring_setup',
].join(',')

export interface PowerRun {
  /** The compiled module that exports `scenario`. */
  readonly module: string
  readonly seed: number
  /** Different states to check. Fewer are checked if the trace does not allow that many. */
  readonly states: number
  /** Milliseconds after which no further state is tried. */
  readonly until?: number
  /** Where failing states are kept for a replay. */
  readonly keep: string
}

export interface Failure {
  readonly state: number
  readonly what: string
  readonly complaints: readonly string[]
}

export interface PowerResult {
  readonly calls: number
  readonly moments: number
  readonly notes: number
  readonly checked: number
  readonly failures: readonly Failure[]
  readonly milliseconds: { readonly trace: number; readonly check: number }
  /** The directory with trace, root and failing trees; only if there were failures. */
  readonly kept?: string
}

export function straceIsThere(): boolean {
  return spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0
}

/** @throws Error if the traced program fails, or if the model's final tree is not the real one. */
export async function runPower(run: PowerRun): Promise<PowerResult> {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'angarium-power.')))
  try {
    const { scenario } = (await import(run.module)) as { scenario: Scenario }
    const began = performance.now()
    await record(run, scenario, work)
    const history = recall(scenario, work)
    const traced = performance.now()
    const { checked, failures } = await checkStates(run, history, work)
    const result = {
      calls: history.calls,
      moments: history.moments.length,
      notes: history.notes.length,
      checked,
      failures,
      milliseconds: { trace: traced - began, check: performance.now() - traced },
    }
    if (failures.length === 0) return result
    const where = join(run.keep, `${basename(run.module, '.js')}-${run.seed}`)
    mkdirSync(run.keep, { recursive: true })
    rmSync(where, { recursive: true, force: true })
    cpSync(work, where, { recursive: true })
    writeFileSync(
      join(where, 'replay.json'),
      JSON.stringify({ module: basename(run.module), seed: run.seed, root: join(work, 'root'), failures }, null, 2),
    )
    return { ...result, kept: where }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Runs the scenario's program under strace. Leaves in `work`: before/ root/ notes trace. */
async function record(run: PowerRun, scenario: Scenario, work: string): Promise<void> {
  const root = join(work, 'root')
  mkdirSync(root)
  writeFileSync(join(work, 'notes'), '')
  await scenario.prepare?.(root, run.seed)
  cpSync(root, join(work, 'before'), { recursive: true })
  const strace = ['-f', '-y', '-xx', '-s', '100000000', '-o', join(work, 'trace'), '-e', `trace=${watched}`]
  const program = [process.execPath, tracedProgram, run.module, root, join(work, 'notes'), String(run.seed)]
  const environment = { ...process.env, UV_USE_IO_URING: '0' }
  const child = spawn('strace', [...strace, ...program], { stdio: ['ignore', 'inherit', 'inherit'], env: environment })
  const status = await new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)))
  if (status !== 0) throw new Error(`the traced program of ${basename(run.module)} ended with ${status}`)
}

/** The history of a recorded run, checked against the tree that the run really left. */
function recall(scenario: Scenario, work: string, root = join(work, 'root')): History {
  const history = buildHistory({
    trace: readTrace(join(work, 'trace')),
    root,
    notes: join(root, '..', 'notes'),
    before: join(work, 'before'),
  })
  const strangers = history.mapped.filter((path) => !scenario.mapped.includes(basename(path)))
  if (strangers.length > 0) throw new Error(`written through shared mappings: ${strangers.join(' ')}`)
  const actual = new Map<string, Buffer>()
  for (const name of readdirSync(join(work, 'root'), { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue
    const path = join(name.parentPath, name.name)
    actual.set(path.slice(join(work, 'root').length + 1), readFileSync(path))
  }
  const wrong = differences(finalTree(history, seeded(0)), actual, (path) => scenario.mapped.includes(basename(path)))
  if (wrong.length > 0) throw new Error(`the model differs from the real tree: ${wrong.slice(0, 5).join('; ')}`)
  return history
}

async function checkStates(
  run: PowerRun,
  history: History,
  work: string,
): Promise<{ checked: number; failures: Failure[] }> {
  const trees = mkdtempSync(join(memoryDirectory(), 'angarium-states.'))
  const checker = startChecker(run.module)
  const failures: Failure[] = []
  const seen = new Set<string>()
  try {
    for (let number = 0; seen.size < run.states && number < run.states * 4 && failures.length < 5; number++) {
      if (run.until !== undefined && performance.now() > run.until) break
      const state = chooseState(history, seeded(partSeed(run.seed, number)))
      if (seen.has(state.fingerprint)) continue
      seen.add(state.fingerprint)
      const root = join(trees, String(number))
      writeTree(state.tree, root)
      const complaints = await checker.ask({ root, notes: state.notes, seed: run.seed })
      if (complaints.length > 0) {
        failures.push({ state: number, what: describeState(state), complaints })
        writeTree(state.tree, join(work, `state-${number}`))
      }
      rmSync(root, { recursive: true })
    }
  } finally {
    checker.close()
    rmSync(trees, { recursive: true, force: true })
  }
  return { checked: seen.size, failures }
}

interface Replay {
  readonly module: string
  readonly seed: number
  /** The path under which the trace was made. */
  readonly root: string
}

/** Makes one kept failing state again and checks it. */
export async function replay(kept: string, scenarios: string, number: number): Promise<readonly string[]> {
  const { module, seed, root } = JSON.parse(readFileSync(join(kept, 'replay.json'), 'utf8')) as Replay
  const { scenario } = (await import(join(scenarios, module))) as { scenario: Scenario }
  const state = chooseState(recall(scenario, kept, root), seeded(partSeed(seed, number)))
  const tree = join(mkdtempSync(join(tmpdir(), 'angarium-replay.')), 'root')
  writeTree(state.tree, tree)
  console.log(`${describeState(state)}\n${state.notes.slice(-5).join('\n')}\ntree: ${tree}`)
  return await scenario.check(tree, state.notes, seed)
}

function describeState({ time, profile, loss, torn, notes }: State): string {
  return `cut at ${time}, ${profile}, loss ${loss}, ${torn} torn pages, ${notes.length} notes`
}

function memoryDirectory(): string {
  try {
    accessSync('/dev/shm', constants.W_OK)
    return '/dev/shm'
  } catch {
    return tmpdir()
  }
}
