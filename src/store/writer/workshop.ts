/** What a thread that writes has open: index, cache, engine or settler. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Environment } from '../../db/environment.js'
import { makeView } from '../../mime/view.js'
import { Cache } from '../cache.js'
import { bootId, cacheDirectory, indexDirectory, type StoreConfig } from '../config.js'
import { openTables, type Tables } from '../open-tables.js'
import { findRecord } from '../read/chunks.js'
import type { Settlement } from '../settle/settlement.js'
import { readMessageBytes } from '../spool/message-file.js'

export interface Workshop extends Settlement {
  readonly cacheEnvironment: Environment
  readonly cache: Cache
}

export function openWorkshop(config: StoreConfig, report: (line: string) => void): Workshop {
  const environment = new Environment({ path: indexDirectory(config), durable: true })
  const tables = openTables(environment)
  const cacheEnvironment = openCache(config)
  const cache = new Cache(cacheEnvironment, (mailbox, message) => {
    const bytes = readMessageBytes(config, mailbox, message)
    return message.repairedView ? makeView(bytes) : bytes
  })
  return {
    config,
    environment,
    tables,
    report,
    cacheEnvironment,
    cache,
    scanned: (message) => fillCache({ environment, tables, cache }, message),
  }
}

function fillCache(
  { environment, tables, cache }: { environment: Environment; tables: Tables; cache: Cache },
  { mailbox, uid, bytes }: Parameters<Settlement['scanned']>[0],
): void {
  const record = environment.read(() => findRecord(tables.chunks, mailbox, uid))
  if (record) cache.put({ mailbox, uid }, record.sha1, record.repairedView ? makeView(bytes) : bytes)
}

/** The cache is written without syncs: one that another boot of the system wrote cannot be trusted, and is begun anew. */
function openCache(config: StoreConfig): Environment {
  const directory = cacheDirectory(config)
  const environment = new Environment({ path: join(directory, bootId()), durable: false })
  for (const other of readdirSync(directory))
    if (other !== bootId()) rmSync(join(directory, other), { recursive: true, force: true })
  return environment
}

export async function closeWorkshop({ environment, cacheEnvironment, cache }: Workshop): Promise<void> {
  cache.flush()
  await environment.close()
  await cacheEnvironment.close()
}
