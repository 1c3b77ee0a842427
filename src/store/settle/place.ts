/** Files of a stage group are linked to their numbered names. */
import { linkSync, readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { MessageRecord } from '../message-record.js'
import { findRecord } from '../read/chunks.js'
import { makeDirectories, syncDirectory } from '../spool/directory.js'
import { directoriesOf, type Form, fileName, isWhole, quarantine } from '../spool/message-file.js'
import { renameFile } from '../spool/rename.js'
import { findGroup, removeGroup, stagedFile } from '../spool/stage.js'
import { inMemoryLimit } from '../store.js'
import { clusterPrefix, type Place, type Task } from '../tables.js'
import type { MailboxEntry, MailboxId, ModSeq, Uid } from '../types.js'
import { eachUid } from '../uid-ranges.js'
import { ifThere } from './expunged.js'
import { type Settled, type Settlement, strikeOut } from './settlement.js'

export function settlePlace(settlement: Settlement, owed: { debt: number; task: Task & { kind: 'place' } }): Settled {
  const { environment, tables, config } = settlement
  const { group, partition, places } = owed.task
  const path = findGroup(config, { partition, group })
  const entries = new Map(
    places.map(({ mailbox }) => [mailbox, environment.read(() => tables.mailboxes.get(mailbox))] as const),
  )
  // A move waits until nothing is being placed (settle/move), so the directory stands still meanwhile.
  if (path !== undefined)
    for (const place of places) {
      const entry = entries.get(place.mailbox)
      if (entry) linkAll(settlement, { entry, place, path })
    }
  for (;;) {
    const seen = vanishedSoFar(settlement, places)
    if (path !== undefined) renameExpunged(settlement, { places, entries })
    config.step?.('place.paid')
    // Who was expunged meanwhile had no file to rename then: once more.
    const settled = environment.write(() => {
      if (vanishedSoFar(settlement, places) !== seen) return false
      strikeOut(tables, owed)
      return true
    })
    if (settled) break
  }
  config.step?.('place.remove')
  if (path !== undefined) removeGroup(path)
  return 'done'
}

/** The modseqs of the last expunges in these mailboxes. */
function vanishedSoFar({ tables, environment }: Settlement, places: readonly Place[]): string {
  const last = (mailbox: MailboxId) =>
    tables.vanished.first({
      start: { mailbox, sub: Number.MAX_SAFE_INTEGER as ModSeq },
      sharing: clusterPrefix,
      reverse: true,
    })?.key.sub ?? 0
  return environment.read(() => [...new Set(places.map(({ mailbox }) => mailbox))].map(last).join(' '))
}

function linkAll(
  settlement: Settlement,
  { entry, place, path }: { entry: MailboxEntry; place: Place; path: string },
): void {
  const { config } = settlement
  const directory = directoriesOf(config, entry)[0] ?? ''
  makeDirectories(directory)
  let file = place.from
  for (const uid of eachUid(place.uids)) {
    const found = formOf(settlement, entry, uid)
    config.step?.('place.link')
    if (found) {
      const to = join(directory, fileName(uid, found.form))
      linkOne(settlement, { entry, from: stagedFile({ path }, file), to, found })
      scanPlaced(settlement, { mailbox: entry.id, path: to, found })
    }
    file++
  }
  config.step?.('place.sync')
  syncDirectory(directory)
}

/**
 * Large messages come this way, their bytes not at hand: read once more here, so that no reader has to wait for it.
 * Octets of a file above which it is left to the reader.
 */
const scanLimit = 16 * 1024 * 1024

function scanPlaced(
  { scanned }: Settlement,
  { mailbox, path, found }: { mailbox: MailboxId; path: string; found: Found },
) {
  const { record, form } = found
  if (form !== 'live' || record.fileSize <= inMemoryLimit || record.fileSize > scanLimit) return
  ifThere(() => scanned({ mailbox, uid: record.uid, bytes: readFileSync(path) }))
}

interface Found {
  readonly record: MessageRecord
  readonly form: Form
}

function linkOne(
  { config, report }: Settlement,
  { entry, from, to, found }: { entry: MailboxEntry; from: string; to: string; found: { record: MessageRecord } },
): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (isWhole(to, found.record, 'digest')) return
    report(`a file was in the way of a new message: ${to} is now ${quarantine(config, entry.partition, to)}`)
    linkSync(from, to)
  }
}

function formOf({ environment, tables }: Settlement, entry: MailboxEntry, uid: Uid): Found | undefined {
  return environment.read(() => {
    const record = findRecord(tables.chunks, entry.id, uid)
    if (record) return { record, form: 'live' as const }
    const row = tables.expunged.get({ mailbox: entry.id, sub: uid })
    return row && { record: new MessageRecord(row.record, 0), form: 'expunged' as const }
  })
}

function renameExpunged(
  settlement: Settlement,
  { places, entries }: { places: readonly Place[]; entries: ReadonlyMap<MailboxId, MailboxEntry | undefined> },
): void {
  for (const place of places) {
    const entry = entries.get(place.mailbox)
    if (!entry) continue
    const directory = directoriesOf(settlement.config, entry)[0] ?? ''
    for (const uid of eachUid(place.uids)) {
      const live = join(directory, fileName(uid, 'live'))
      const form = formOf(settlement, entry, uid)?.form
      if (form === 'expunged') ifThere(() => renameFile(live, join(directory, fileName(uid, 'expunged'))))
      if (form === undefined) ifThere(() => unlinkSync(live))
    }
  }
}
