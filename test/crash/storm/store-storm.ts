/** Kill storm on the whole store: several processes append, move, flag and rename; every acknowledged message is found once. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { recordsWithin } from '../../../src/store/read/chunks.js'
import { readMessageBytes } from '../../../src/store/spool/message-file.js'
import { allUids } from '../../../src/store/uid-ranges.js'
import { partSeed, seeded } from '../random.js'
import { type DirectStore, makeRoot, openDirect } from '../store/direct.js'
import { inspect } from '../store/judge.js'
import { type Herd, startHerd } from './herd.js'
import { mailboxNames } from './store-worker.js'

const workerProgram = fileURLToPath(new URL('./store-worker.js', import.meta.url))

export interface StoreStormResult {
  readonly kills: number
  readonly massKills: number
  readonly acknowledged: number
  readonly complaints: readonly string[]
}

export async function storeStorm(options: {
  readonly seed: number
  readonly seconds: number
  readonly workers: number
}): Promise<StoreStormResult> {
  const { seed, seconds, workers } = options
  const work = mkdtempSync(join(tmpdir(), 'angarium-store-storm.'))
  const root = join(work, 'root')
  const ledgers = Array.from({ length: workers }, (_, worker) => join(work, `acknowledged.${worker}`))
  for (const ledger of ledgers) writeFileSync(ledger, '')
  makeRoot(root)
  const first = await openDirect({ root })
  for (const name of mailboxNames) await first.apply({ kind: 'create', name })
  await first.close()
  const herd = startHerd(workerProgram, workers, (worker, start) => ({
    root,
    seed: partSeed(seed, start) % 1_000_000,
    acknowledged: ledgers[worker],
  }))
  try {
    await rage(herd, { seed, seconds, workers })
    await herd.killAll()
    const store = await openDirect({ root })
    const lines = ledgers.flatMap((ledger) => readFileSync(ledger, 'utf8').split('\n').slice(0, -1))
    const complaints = [...herd.complaints, ...account(store, lines), ...inspect(store)]
    await store.abandon()
    return { kills: herd.kills(), massKills: herd.massKills(), acknowledged: lines.length, complaints }
  } finally {
    await herd.killAll()
    rmSync(work, { recursive: true, force: true })
  }
}

async function rage(
  herd: Herd,
  { seed, seconds, workers }: { seed: number; seconds: number; workers: number },
): Promise<void> {
  const random = seeded(seed)
  const until = performance.now() + seconds * 1000
  while (performance.now() < until && herd.complaints.length === 0) {
    await pause(150 + random.below(700))
    if (random.chance(0.15)) await herd.restartAll()
    else await herd.restart(random.below(workers))
  }
}

/** Each acknowledged message once; each message that is there with its own bytes. */
function account({ config, environment, tables }: DirectStore, lines: readonly string[]): string[] {
  const complaints = lines.filter((line) => line.startsWith('COMPLAINT')).slice(0, 5)
  const times = new Map<string, number>()
  environment.read(() => {
    for (const { value: entry } of tables.mailboxes.range())
      for (const record of recordsWithin(tables.chunks, entry.id, allUids)) {
        const sha256 = createHash('sha256')
          .update(readMessageBytes(config, entry, record))
          .digest('hex')
        if (sha256 !== record.sha256.toString('hex'))
          complaints.push(`message ${record.uid} of ${entry.name} has other bytes`)
        times.set(sha256, (times.get(sha256) ?? 0) + 1)
      }
  })
  for (const [sha256, count] of times) if (count > 1) complaints.push(`${sha256} is there ${count} times`)
  for (const line of lines) {
    const [kind, sha256 = ''] = line.split(' ')
    if (kind === 'stored' && !times.has(sha256)) complaints.push(`acknowledged and lost: ${sha256}`)
  }
  return complaints.slice(0, 20)
}
