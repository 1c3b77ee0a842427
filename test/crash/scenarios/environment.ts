/** Power cuts under the bare environment: one process, one writer. */
import { join } from 'node:path'
import { Environment } from '../../../src/db/environment.js'
import { checkLedger, openLedger, post } from '../ledger/ledger.js'
import type { Scenario } from '../power/scenario.js'
import { seeded } from '../random.js'

const transactions = 120

export const scenario: Scenario = {
  mapped: ['lock.mdb'],

  async run(root, note, seed) {
    const environment = new Environment({ path: join(root, 'index'), durable: true })
    const ledger = openLedger(environment)
    const random = seeded(seed)
    for (let n = 0; n < transactions; n++) note(post(ledger, 1, random))
    await environment.close()
  },

  async check(root, notes) {
    const environment = new Environment({ path: join(root, 'index'), durable: true })
    try {
      const ledger = openLedger(environment)
      const complaints = checkLedger(ledger, notes)
      // It must also take writes again, and still be whole after them.
      for (let n = 0; n < 3; n++) post(ledger, 9, seeded(n))
      return [...complaints, ...checkLedger(ledger, notes)]
    } finally {
      await environment.close()
    }
  },
}
