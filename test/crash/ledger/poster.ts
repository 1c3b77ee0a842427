/** A process that posts to the ledger and prints each acknowledged line. Arguments: path writer transactions seed. */
import { writeSync } from 'node:fs'
import { Environment } from '../../../src/db/environment.js'
import { seeded } from '../random.js'
import { openLedger, post } from './ledger.js'

const [path = '', writer = '0', transactions = '0', seed = '0'] = process.argv.slice(2)
const environment = new Environment({ path, durable: true })
const ledger = openLedger(environment)
const random = seeded(Number(seed))
for (let n = 0; n < Number(transactions); n++) writeSync(1, `${post(ledger, Number(writer), random)}\n`)
await environment.close()
