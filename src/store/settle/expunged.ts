/** Files of expunged messages get a name that says so, or go, as `expunge_mode` demands. */
import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Tables } from '../open-tables.js'
import { findRecord } from '../read/chunks.js'
import { syncDirectory } from '../spool/directory.js'
import { directoriesOf } from '../spool/message-file.js'
import { expungedFile, messageFile } from '../spool/partition.js'
import { renameFile } from '../spool/rename.js'
import type { Task } from '../tables.js'
import type { MailboxEntry, MailboxId } from '../types.js'
import { eachUid } from '../uid-ranges.js'
import { type Settled, type Settlement, strikeOut } from './settlement.js'

export function settleExpunged(
  { environment, tables, config }: Settlement,
  owed: { debt: number; task: Task & { kind: 'expunged' } },
): Settled {
  const { mailbox, uids } = owed.task
  const entry = environment.read(() => tables.mailboxes.get(mailbox))
  if (entry?.moving) return 'later'
  if (entry) {
    const directory = directoriesOf(config, entry)[0] ?? ''
    for (const uid of eachUid(uids)) {
      if (environment.read(() => findRecord(tables.chunks, mailbox, uid))) continue
      config.step?.('expunged.file')
      const live = join(directory, messageFile(uid))
      const act =
        config.expungeMode === 'immediate'
          ? () => unlinkSync(live)
          : () => renameFile(live, join(directory, expungedFile(uid)))
      ifThere(act)
    }
    ifThere(() => syncDirectory(directory))
  }
  config.step?.('expunged.paid')
  return environment.write(() => {
    if (!stoodStill(tables, mailbox, entry)) return 'later'
    if (config.expungeMode === 'immediate')
      for (const uid of eachUid(uids)) tables.expunged.remove({ mailbox, sub: uid })
    strikeOut(tables, owed)
    return 'done'
  })
}

/** The files go; a message that is live again, or in a journal segment still, keeps its own. */
export function settleUnlink(
  { environment, tables, config }: Settlement,
  owed: { debt: number; task: Task & { kind: 'unlink' } },
): Settled {
  const { mailbox, uids } = owed.task
  const entry = environment.read(() => tables.mailboxes.get(mailbox))
  if (entry?.moving) return 'later'
  const directory = entry && directoriesOf(config, entry)[0]
  if (directory !== undefined)
    for (const uid of eachUid(uids)) {
      config.step?.('unlink.file')
      ifThere(() => unlinkSync(join(directory, expungedFile(uid))))
    }
  config.step?.('unlink.paid')
  return environment.write(() => {
    if (!stoodStill(tables, mailbox, entry)) return 'later'
    strikeOut(tables, owed)
    return 'done'
  })
}

/** Where another process has moved the directory meanwhile, the files were not met there: once more, where they are now. */
function stoodStill(tables: Tables, mailbox: MailboxId, was: MailboxEntry | undefined): boolean {
  const now = tables.mailboxes.get(mailbox)
  return !now?.moving && now?.directory === was?.directory && now?.partition === was?.partition
}

/** A file that is not there yet gets its name when its journal segment is freed. */
export function ifThere(act: () => void): void {
  try {
    act()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
