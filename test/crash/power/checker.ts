/** The checking process: one tree after another, so that a crash of the checker is one tree's verdict and no more. */
import type { Scenario } from './scenario.js'

export interface Question {
  readonly root: string
  readonly notes: readonly string[]
  readonly seed: number
}

export interface Verdict {
  readonly complaints: readonly string[]
}

if (process.send) {
  const [module = ''] = process.argv.slice(2)
  const { scenario } = (await import(module)) as { scenario: Scenario }
  // lmdb-js rejects a promise of its own when a commit fails, also when ours is caught (docs/reliability.md).
  process.on('unhandledRejection', (reason) => console.error('unhandled rejection in the checker:', reason))
  process.on('message', ({ root, notes, seed }: Question) => {
    scenario.check(root, notes, seed).then(
      (complaints) => process.send?.({ complaints } satisfies Verdict),
      (error: unknown) =>
        process.send?.({ complaints: [error instanceof Error ? (error.stack ?? error.message) : String(error)] }),
    )
  })
}
