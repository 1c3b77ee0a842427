/** cyrus.header: written again after each change of what it says, so that losing the index loses no name and no right. */
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectories, syncDirectory } from '../spool/directory.js'
import { formatHeader } from '../spool/header-file.js'
import { directoriesOf } from '../spool/message-file.js'
import { headerFile } from '../spool/partition.js'
import { writeSynced } from '../spool/stage.js'
import { temporaryName } from '../spool/temporary.js'
import type { Task } from '../tables.js'
import type { MailboxId } from '../types.js'
import { type Settled, type Settlement, strikeOut } from './settlement.js'

export function settleHeader(settlement: Settlement, owed: { debt: number; task: Task & { kind: 'header' } }): Settled {
  const { environment, tables, config } = settlement
  const { mailbox } = owed.task
  for (;;) {
    const written = writeHeader(settlement, mailbox)
    config.step?.('header.paid')
    // A process that was slower must not have the last word: the debt goes only when what was written is current.
    const current = environment.write(() => {
      const entry = tables.mailboxes.get(mailbox)
      if (entry && entry.version !== written) return false
      strikeOut(tables, owed)
      return true
    })
    if (current) return 'done'
  }
}

/** Writes the header as of now; returns the version written, undefined if the mailbox is gone. */
export function writeHeader({ environment, tables, config }: Settlement, mailbox: MailboxId): number | undefined {
  const found = environment.read(() => {
    const entry = tables.mailboxes.get(mailbox)
    const counts = entry && tables.counts.get({ mailbox, sub: undefined })
    return entry && counts && { entry, counts }
  })
  if (!found) return undefined
  const { entry, counts } = found
  const directory = directoriesOf(config, entry)[0] ?? ''
  const temporary = temporaryName(join(directory, headerFile), config.owner)
  config.step?.('header.write')
  makeDirectories(directory)
  writeSynced(
    temporary,
    Buffer.from(formatHeader({ ...entry, uidNext: counts.uidNext, highestModSeq: counts.highestModSeq })),
  )
  config.step?.('header.rename')
  renameSync(temporary, join(directory, headerFile))
  syncDirectory(directory)
  return entry.version
}
