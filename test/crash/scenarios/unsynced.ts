/** The bare environment without syncs: the simulator must find lost commits here, or it could not find any elsewhere. */
import { join } from 'node:path'
import { Environment } from '../../../src/db/environment.js'
import { checkLedger, openLedger, post } from '../ledger/ledger.js'
import type { Scenario } from '../power/scenario.js'
import { seeded } from '../random.js'

export const scenario: Scenario = {
  mapped: ['lock.mdb'],

  async run(root, note, seed) {
    const environment = new Environment({ path: join(root, 'index'), durable: false })
    const ledger = openLedger(environment)
    const random = seeded(seed)
    for (let n = 0; n < 20; n++) note(post(ledger, 1, random))
    await environment.close()
  },

  async check(root, notes) {
    const environment = new Environment({ path: join(root, 'index'), durable: false })
    try {
      return checkLedger(openLedger(environment), notes)
    } finally {
      await environment.close()
    }
  },
}
