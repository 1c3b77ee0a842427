/** The files of a renamed mailbox follow its name: into another directory, or onto another partition. */
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { partitionPath } from '../config.js'
import { makeDirectories, syncDirectory } from '../spool/directory.js'
import { headerFile, readMessageFile } from '../spool/partition.js'
import { renameFile } from '../spool/rename.js'
import type { Task } from '../tables.js'
import type { MailboxEntry, MailboxId } from '../types.js'
import { ifThere } from './expunged.js'
import { settleHeader } from './header.js'
import { type Settled, type Settlement, strikeOut } from './settlement.js'

export function settleMove(settlement: Settlement, owed: { debt: number; task: Task & { kind: 'move' } }): Settled {
  const { environment, tables, config } = settlement
  const { mailbox } = owed.task
  const entry = environment.read(() => tables.mailboxes.get(mailbox))
  if (!entry?.moving) {
    environment.write(() => strikeOut(tables, owed))
    return 'done'
  }
  if (isBeingPlaced(settlement, mailbox)) return 'later'
  const from = join(partitionPath(config, entry.partition), entry.directory)
  const to = join(partitionPath(config, entry.moving.partition), entry.moving.directory)
  const files = mailboxFiles(from)
  makeDirectories(to)
  const samePartition = entry.partition === entry.moving.partition
  for (const file of files) {
    config.step?.('move.file')
    if (samePartition) ifThere(() => renameFile(join(from, file), join(to, file)))
    else copySynced(join(from, file), join(to, file))
  }
  config.step?.('move.sync')
  syncDirectory(to)
  ifThere(() => syncDirectory(from))
  config.step?.('move.switch')
  const header = switchTo(settlement, owed, entry)
  config.step?.('move.remove')
  if (!samePartition) for (const file of files) ifThere(() => unlinkSync(join(from, file)))
  removeEmpty(from, partitionPath(config, entry.partition))
  return header ? settleHeader(settlement, header) : 'done'
}

/** Whether files are on their way into the mailbox's present directory. */
function isBeingPlaced({ environment, tables }: Settlement, mailbox: MailboxId): boolean {
  return environment.read(() =>
    [...tables.debts.range()].some(
      ({ value: { task } }) => task.kind === 'place' && task.places.some((place) => place.mailbox === mailbox),
    ),
  )
}

/** What belongs to the mailbox itself: directories below are other mailboxes'. */
export function mailboxFiles(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => file === headerFile || readMessageFile(file) !== undefined)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function copySynced(from: string, to: string): void {
  ifThere(() => {
    copyFileSync(from, to)
    const { atime, mtime } = statSync(from)
    utimesSync(to, atime, mtime)
    const descriptor = openSync(to, 'r')
    fsyncSync(descriptor)
    closeSync(descriptor)
  })
}

/** The record speaks of the new place; a header is owed instead of the move. */
function switchTo(
  { environment, tables, config }: Settlement,
  owed: { debt: number; task: Task },
  was: MailboxEntry,
): { debt: number; task: Task & { kind: 'header' } } | undefined {
  return environment.write(() => {
    const entry = tables.mailboxes.get(was.id)
    strikeOut(tables, owed)
    if (!entry?.moving || entry.moving.directory !== was.moving?.directory) return undefined
    const { partition, directory } = entry.moving
    const version = entry.version + 1
    tables.mailboxes.put(entry.id, { ...entry, partition, directory, moving: undefined, version })
    const task = { kind: 'header', mailbox: entry.id, version } as const
    tables.debts.put(owed.debt, { owner: config.owner, task })
    return { debt: owed.debt, task }
  })
}

/** Removes directories that are empty now, from the mailbox's upwards, the partition itself not. */
export function removeEmpty(directory: string, partition: string): void {
  try {
    for (let path = directory; path.length > partition.length; path = dirname(path)) rmdirSync(path)
  } catch {
    // Not empty, or gone already: others' mailboxes are below it.
  }
}
