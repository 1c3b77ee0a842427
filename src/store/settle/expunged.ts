/** Files of expunged messages get a name that says so, or go, as `expunge_mode` demands. */
import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { findRecord } from '../read/chunks.js'
import { syncDirectory } from '../spool/directory.js'
import { directoriesOf } from '../spool/message-file.js'
import { expungedFile, messageFile } from '../spool/partition.js'
import { renameFile } from '../spool/rename.js'
import type { Task } from '../tables.js'
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
    // Where another process has moved the directory meanwhile, the files were not met here: once more, there.
    const now = tables.mailboxes.get(mailbox)
    if (now?.moving || now?.directory !== entry?.directory || now?.partition !== entry?.partition) return 'later'
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
  environment.write(() => strikeOut(tables, owed))
  return 'done'
}

/** A file that is not there yet gets its name when its journal segment is freed. */
export function ifThere(act: () => void): void {
  try {
    act()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
