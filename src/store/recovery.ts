/** What start-up completes: journal segments, debts and stage groups of processes that are no more. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, journalDirectory, partitionPath } from './config.js'
import { framesOf, liveSegments, segmentOwner, segmentPath, spareOwner } from './journal/segment.js'
import { MessageRecord } from './message-record.js'
import { recordsWithin } from './read/chunks.js'
import type { Settlement } from './settle/settlement.js'
import { settleTask } from './settle/settler.js'
import { ensureFile, syncFileSystems } from './settle/unpack.js'
import { makeDirectories, syncDirectory } from './spool/directory.js'
import { directoriesOf } from './spool/message-file.js'
import { groupsOf, removeGroup } from './spool/stage.js'
import { removeLeftovers } from './spool/temporary.js'
import { clusterPrefix, type Task } from './tables.js'
import type { MailboxEntry, MailboxId, Uid } from './types.js'
import { allUids } from './uid-ranges.js'

export interface Recovered {
  readonly segments: number
  readonly messages: number
  readonly rewritten: number
  readonly debts: number
}

/**
 * Completes what dead processes left. Safe to run at any time, by several processes at once, and again after a crash in it:
 * a segment is freed and a debt struck out only when what they stand for is done.
 */
export async function recover(settlement: Settlement): Promise<Recovered> {
  const directory = journalDirectory(settlement.config)
  makeDirectories(directory)
  removeLeftovers(directory, spareOwner)
  const found = { segments: 0, messages: 0, rewritten: 0, debts: 0 }
  found.debts = payDebts(settlement)
  for (const segment of liveSegments(directory)) {
    const path = segmentPath(directory, segment)
    const owner = ownerOf(path)
    if (owner !== undefined && isAlive(owner)) continue
    const { messages, rewritten } = await recoverSegment(settlement, segment)
    found.segments++
    found.messages += messages
    found.rewritten += rewritten
  }
  removeOrphans(settlement)
  return found
}

function ownerOf(path: string): string | undefined {
  try {
    return segmentOwner(path)
  } catch {
    return undefined
  }
}

/** Every record that points into the segment gets its file, compared by digest; then the segment goes. */
async function recoverSegment(
  settlement: Settlement,
  segment: number,
): Promise<{ messages: number; rewritten: number }> {
  const { config, tables, environment } = settlement
  const directory = journalDirectory(config)
  const path = segmentPath(directory, segment)
  if (!existsSync(path)) return { messages: 0, rewritten: 0 }
  const mailboxes = new Set<MailboxId>()
  for (const frame of framesOf(path, segment)) for (const mailbox of frame.mailboxes) mailboxes.add(mailbox)
  let messages = 0
  let rewritten = 0
  const partitions = new Set<string>()
  for (const mailbox of mailboxes) {
    const entry = environment.read(() => tables.mailboxes.get(mailbox))
    if (!entry) continue
    partitions.add(entry.partition)
    for (const place of directoriesOf(config, entry)) removeLeftovers(place)
    for (const { uid, frame } of recordsInSegment(settlement, { entry, segment })) {
      config.step?.('recover.file')
      messages++
      if (ensureFile(settlement, { entry, uid, place: { segment, frame }, check: 'digest' }) === 'rewritten')
        rewritten++
    }
  }
  await syncFileSystems(settlement, partitions)
  config.step?.('recover.free')
  rmSync(path, { force: true })
  syncDirectory(directory)
  return { messages, rewritten }
}

/** Live and expunged messages of the mailbox whose bytes were made safe in that segment. */
function recordsInSegment(
  { environment, tables }: Settlement,
  { entry, segment }: { entry: MailboxEntry; segment: number },
): { uid: Uid; frame: number }[] {
  return environment.read(() => {
    const found: { uid: Uid; frame: number }[] = []
    for (const record of recordsWithin(tables.chunks, entry.id, allUids))
      if (record.journalled.segment === segment) found.push({ uid: record.uid, frame: record.journalled.frame })
    const expunged = tables.expunged.range({ start: { mailbox: entry.id, sub: 0 }, sharing: clusterPrefix })
    for (const { key, value } of expunged) {
      const record = new MessageRecord(value.record, 0)
      if (record.journalled.segment === segment) found.push({ uid: key.sub as Uid, frame: record.journalled.frame })
    }
    return found
  })
}

/** Debts of dead processes, oldest first; what waits for another is tried again after it. */
function payDebts(settlement: Settlement): number {
  const { environment, tables, report } = settlement
  let paid = 0
  for (let again = true; again; ) {
    again = false
    const debts = environment.read(() => [...tables.debts.range()]).filter(({ value }) => !isAlive(value.owner))
    for (const { key, value } of debts) {
      try {
        for (const directory of directoriesFor(settlement, value.task)) removeLeftovers(directory)
        if (settleTask(settlement, { debt: key, task: value.task }) !== 'done') continue
        paid++
        again = true
      } catch (error) {
        report(`IOERROR: ${value.task.kind} ${JSON.stringify(value.task)}: ${(error as Error).message}: it stays owed`)
      }
    }
  }
  return paid
}

/** Where the dead process may have been writing when it died. */
function directoriesFor({ config, environment, tables }: Settlement, task: Task): string[] {
  if (task.kind === 'place') return []
  if (task.kind === 'purge') return [join(partitionPath(config, task.partition), task.directory)]
  const entry = environment.read(() => tables.mailboxes.get(task.mailbox))
  return entry ? directoriesOf(config, entry) : []
}

/** Stage groups that a dead process made and nobody is owed: their messages were never acknowledged. */
function removeOrphans({ config, environment, tables }: Settlement): void {
  const owed = new Set(
    environment.read(() =>
      [...tables.debts.range()].flatMap(({ value: { task } }) =>
        task.kind === 'place' ? [`${task.partition}/${task.group}`] : [],
      ),
    ),
  )
  for (const partition of config.partitions.keys())
    for (const { owner, group, path } of groupsOf(config, partition))
      if (!isAlive(owner) && !owed.has(`${partition}/${group}`)) removeGroup(path)
}
