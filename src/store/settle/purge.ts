/** A mailbox deleted for good: its rows, a slice at a time, and its files. */
import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Table } from '../../db/table.js'
import { partitionPath } from '../config.js'
import { type ClusterKey, clusterPrefix, type Task } from '../tables.js'
import type { MailboxId } from '../types.js'
import { ifThere } from './expunged.js'
import { mailboxFiles, removeEmpty } from './move.js'
import { type Settled, type Settlement, strikeOut } from './settlement.js'

/** Rows removed in one transaction. */
const sliceRows = 500

export function settlePurge(settlement: Settlement, owed: { debt: number; task: Task & { kind: 'purge' } }): Settled {
  const { environment, tables, config } = settlement
  const { mailbox, partition, directory } = owed.task
  const path = join(partitionPath(config, partition), directory)
  for (const file of mailboxFiles(path)) {
    config.step?.('purge.file')
    ifThere(() => unlinkSync(join(path, file)))
  }
  removeEmpty(path, partitionPath(config, partition))
  config.step?.('purge.rows')
  clear(settlement, tables.uids, { mailbox, sub: 0 })
  clear(settlement, tables.chunks, { mailbox, sub: 0 })
  clear(settlement, tables.seen, { mailbox, sub: '' })
  clear(settlement, tables.seenModSeqs, { mailbox, sub: { user: '', uid: 0 as never } })
  clear(settlement, tables.expunged, { mailbox, sub: 0 })
  clear(settlement, tables.vanished, { mailbox, sub: 0 as never })
  clear(settlement, tables.retries, { mailbox, sub: Buffer.alloc(0) })
  clear(settlement, tables.annotations, { mailbox, sub: ['', ''] })
  config.step?.('purge.paid')
  environment.write(() => strikeOut(tables, owed))
  return 'done'
}

/** Removes the mailbox's rows of one kind. */
function clear<Sub, Value>(
  { environment }: Settlement,
  table: Table<ClusterKey<Sub>, Value>,
  start: { readonly mailbox: MailboxId; readonly sub: Sub },
): void {
  for (let left = true; left; )
    environment.write(() => {
      const keys = [...table.keys({ start, sharing: clusterPrefix, limit: sliceRows })]
      for (const key of keys) table.remove(key)
      left = keys.length === sliceRows
    })
}
