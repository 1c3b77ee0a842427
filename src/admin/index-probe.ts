/** A process that reads an index and dies or complains if it is damaged. Argument: the directory. Started by ctl_cyrusdb -r. */
import { Environment } from '../db/environment.js'
import { openTables } from '../store/open-tables.js'
import { recount } from '../store/repair/recount.js'

/** Mailboxes whose records are read: with fewer, all of them. */
const sample = 200

async function read(): Promise<void> {
  const environment = new Environment({ path: process.argv[2] ?? '', durable: true })
  const tables = openTables(environment)
  const ids = environment.read(() => {
    for (const { key, value } of tables.names.range())
      if (tables.mailboxes.get(value)?.name !== key) throw new Error(`the mailbox list and mailbox ${value} disagree`)
    for (const _ of tables.quotas.range());
    for (const _ of tables.debts.range());
    return [...tables.mailboxes.keys()]
  })
  const stride = Math.max(1, Math.floor(ids.length / sample))
  for (let at = 0; at < ids.length; at += stride) {
    const id = ids[at]
    const torn = id && environment.read(() => recount(tables, id).findings.find((what) => what.includes('checksum')))
    if (torn) throw new Error(`mailbox ${id}: ${torn}`)
  }
  await environment.close()
}

try {
  await read()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
