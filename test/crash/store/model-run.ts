/** Runs a random program on the store and on the reference, and compares answers and contents on the way and at the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeRoot, openDirect } from './direct.js'
import { inspect, judge } from './judge.js'
import { makeProgram } from './program.js'

/** Steps between two comparisons. */
const between = 15

/** Returns complaints; the first to be found ends the run. */
export async function runModel({ seed, length }: { seed: number; length: number }): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'angarium-model.'))
  try {
    makeRoot(root)
    const program = makeProgram(seed, length)
    const notes: string[] = []
    const store = await openDirect({ root })
    let complaints: string[] = []
    for (const [number, step] of program.entries()) {
      notes.push(`begin ${number}`, `end ${number} ${await store.apply(step)}`)
      if (number % between === between - 1) complaints = judge(store, program, notes)
      if (complaints.length > 0) break
    }
    await store.close()
    if (complaints.length > 0) return [`program ${seed}`, ...complaints]
    const again = await openDirect({ root })
    complaints = [...judge(again, program, notes), ...inspect(again)]
    await again.abandon()
    return complaints.length > 0 ? [`program ${seed}, opened again`, ...complaints] : []
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
