/**
 * Applies changes, a round at a time, in the one thread of a process that writes.
 *
 * The order of effects of a round, each step numbered where it is taken:
 *  1 the bytes of new messages are appended to the journal and synced; files to be copied are linked and synced
 *  2 one transaction applies all changes
 *  3 it is durable
 *  4 everybody is answered, then other sessions are told
 *  5 the settler writes numbered files and pays what else is owed (settle/)
 * A crash before 3 leaves nothing that anybody was told of; after 3 start-up completes 5 (recovery.ts).
 */
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../db/environment.js'
import { apply, type Prepared } from './change/apply.js'
import type { Append, Change, Copy, Outcomes } from './change/change.js'
import type { StagedCopies } from './change/copy.js'
import { type Effect, Transaction } from './change/transaction.js'
import { journalDirectory, type StoreConfig } from './config.js'
import { StoreError, type StoreErrorKind } from './errors.js'
import { Journal } from './journal/journal.js'
import { liveSegments } from './journal/segment.js'
import type { MessageRecord } from './message-record.js'
import type { Tables } from './open-tables.js'
import { findRecord, recordsWithin } from './read/chunks.js'
import type { Work } from './settle/settlement.js'
import { freeSegments } from './settle/unpack.js'
import { makeDirectories } from './spool/directory.js'
import { directoriesOf, fileName, isWhole, readMessageBytes } from './spool/message-file.js'
import { stageGroup } from './spool/safe-place.js'
import {
  findGroup,
  groupsOf,
  makeGroup,
  removeGroup,
  stagedFile,
  stageFile,
  syncGroup,
  writeSynced,
} from './spool/stage.js'
import type { MailboxEntry, MailboxId, ModSeq, Uid } from './types.js'

export type Answer =
  | { readonly kind: 'done'; readonly outcome: Outcomes[Change['kind']] }
  | { readonly kind: 'refused'; readonly error: StoreErrorKind; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }

export interface Round {
  /** One for each change, in order. */
  readonly answers: readonly Answer[]
  readonly changed: readonly { readonly mailbox: MailboxId; readonly modSeq: ModSeq }[]
  readonly listChanged: boolean
  readonly work: readonly Work[]
}

/** Octets. */
const defaultSegmentSize = 32 * 1024 * 1024
/** Mail is refused while a file system has less than this free, octets: expunging must still be possible. */
const reserve = 32 * 1024 * 1024
/** Milliseconds for which the answer to "is there room" is believed. */
const roomChecked = 500

export class Engine {
  readonly #config: StoreConfig
  readonly #environment: Environment
  readonly #tables: Tables
  readonly #journal: Journal
  #full: number[] = []
  #roomAt = 0
  #lacking: string | undefined

  constructor({ config, environment, tables }: { config: StoreConfig; environment: Environment; tables: Tables }) {
    this.#config = config
    this.#environment = environment
    this.#tables = tables
    const directory = journalDirectory(config)
    makeDirectories(directory)
    this.#journal = new Journal({
      directory,
      owner: config.owner,
      segmentSize: config.segmentSize ?? defaultSegmentSize,
      nextSegment: () => this.#environment.write(() => this.#nextSegment()),
      free: () => freeSegments(directory, config.owner)[0],
      full: (segment) => this.#full.push(segment),
      step: (name) => config.step?.(name),
    })
  }

  run(changes: readonly Change[]): Round {
    const prepared = changes.map((_, number) => ({ number }) as Mutable<Prepared>)
    const refused = new Map<number, Answer>()
    this.#makeSafe(changes, prepared, refused)
    const open = changes.flatMap((change, number) => (refused.has(number) ? [] : [{ change, number }]))
    const { answers, effects } = this.#commit(open, prepared)
    for (const [number, answer] of refused) answers.set(number, answer)
    for (const [number, change] of changes.entries()) this.#forget(change, answers.get(number), prepared[number])
    const full = this.#full.map((segment): Work => ({ kind: 'retire', segment }))
    this.#full = []
    return {
      answers: changes.map(
        (_, number) => answers.get(number) ?? { kind: 'failed', message: 'the change got no answer' },
      ),
      changed: effects.flatMap((effect) => (effect.kind === 'changed' ? [effect as never] : [])),
      listChanged: effects.some((effect) => effect.kind === 'listChanged'),
      work: [...effects.flatMap((effect) => workOf(effect, changes, prepared)), ...full],
    }
  }

  /** No more rounds: the segment in use may be freed. */
  close(): readonly Work[] {
    this.#journal.close()
    const full = this.#full.map((segment): Work => ({ kind: 'retire', segment }))
    this.#full = []
    return full
  }

  /** Segment numbers never come back. */
  #nextSegment(): number {
    const last = this.#tables.meta.get('lastSegment')
    const next = typeof last === 'number' ? last + 1 : 1
    this.#tables.meta.put('lastSegment', next)
    return next
  }

  /** Step 1. What cannot be made safe is refused; the others go on. */
  #makeSafe(changes: readonly Change[], prepared: Mutable<Prepared>[], refused: Map<number, Answer>): void {
    const inMemory: { number: number; change: Append }[] = []
    for (const [number, change] of changes.entries()) {
      const slot = prepared[number]
      if (!slot) continue
      try {
        if (change.kind === 'append') {
          this.#demandRoom()
          if (change.staged.kind === 'memory') inMemory.push({ number, change })
          else slot.bytes = { segment: stageGroup + change.staged.group, frame: change.staged.file }
        } else if (change.kind === 'copy') {
          this.#demandRoom()
          const copies = this.#stageCopies(change)
          if (copies) slot.copies = copies
        }
      } catch (error) {
        refused.set(number, answerFor(error))
      }
    }
    if (inMemory.length === 0) return
    try {
      const places = this.#journal.write(
        inMemory.map(({ change }) => ({
          bytes: change.staged.kind === 'memory' ? change.staged.bytes : Buffer.alloc(0),
          sha1: change.staged.digests.sha1,
          internalDate: change.targets[0]?.internalDate ?? Math.floor(Date.now() / 1000),
          mailboxes: change.targets.map(({ mailbox }) => mailbox),
        })),
      )
      for (const [index, { number }] of inMemory.entries()) {
        const slot = prepared[number]
        const place = places[index]
        if (slot && place) slot.bytes = place
      }
    } catch (error) {
      this.#journal.close()
      for (const { number } of inMemory) refused.set(number, answerFor(error))
    }
  }

  /** Steps 2 and 3. A fault in one change undoes the round, and each runs again alone. */
  #commit(
    changes: readonly { readonly change: Change; readonly number: number }[],
    prepared: readonly Prepared[],
  ): { answers: Map<number, Answer>; effects: readonly Effect[] } {
    if (changes.length === 0) return { answers: new Map(), effects: [] }
    try {
      this.#config.step?.('index.commit')
      const done = this.#environment.write(() => this.#applyAll(changes, prepared))
      this.#config.step?.('index.committed')
      return done
    } catch (error) {
      const [first] = changes
      if (changes.length === 1 && first) return { answers: new Map([[first.number, answerFor(error)]]), effects: [] }
      const alone = changes.map((one) => this.#commit([one], prepared))
      return {
        answers: new Map(alone.flatMap(({ answers }) => [...answers])),
        effects: alone.flatMap(({ effects }) => effects),
      }
    }
  }

  #applyAll(
    changes: readonly { readonly change: Change; readonly number: number }[],
    prepared: readonly Prepared[],
  ): { answers: Map<number, Answer>; effects: readonly Effect[] } {
    const now = Math.floor(Date.now() / 1000)
    const tx = new Transaction({ tables: this.#tables, config: this.#config, now })
    const answers = new Map<number, Answer>()
    for (const { change, number } of changes) {
      try {
        answers.set(number, { kind: 'done', outcome: apply(tx, change, prepared[number] ?? { number }) })
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        answers.set(number, answerFor(error))
      }
    }
    tx.flush()
    return { answers, effects: tx.effects }
  }

  /** Links the files of the messages to be copied into a stage group on the destination's partition, and syncs them. */
  #stageCopies(change: Copy): StagedCopies | undefined {
    const found = this.#environment.read(() => {
      const from = this.#tables.mailboxes.get(change.from)
      const to = this.#tables.mailboxes.get(change.to)
      if (!from || !to) throw new StoreError('noSuchMailbox', 'Mailbox does not exist')
      return { from, to, messages: [...recordsWithin(this.#tables.chunks, change.from, change.uids)] }
    })
    const { from, to, messages } = found
    const group = makeGroup(this.#config, to.partition)
    const files = new Map<Uid, number>()
    try {
      const directory = directoriesOf(this.#config, from)[0] ?? ''
      const young = this.#youngPlaces(from.partition)
      for (const [file, message] of messages.entries()) {
        const path = join(directory, fileName(message.uid, 'live'))
        const bytes = () => readMessageBytes(this.#config, from, message)
        // Young: its own file may not be safe yet, or not be there.
        if (young.has(message.journalled.segment) || !isWhole(path, message, 'size')) {
          const whole = bytes()
          writeSynced(stagedFile(group, file), whole)
        } else stageFile(group, { file, path, bytes })
        files.set(message.uid, file)
      }
      this.#config.step?.('copy.staged')
      syncGroup(group)
    } catch (error) {
      removeGroup(group.path)
      // Another process expunged or moved messages meanwhile: their files have other names now. Nothing is damaged.
      if (error instanceof StoreError && error.kind === 'damaged' && this.#hasChanged(from, messages))
        throw new StoreError('unavailable', `Messages of ${from.name} are just being moved, try again`)
      throw error
    }
    return { group: group.group, partition: to.partition, files }
  }

  #hasChanged(from: MailboxEntry, messages: readonly MessageRecord[]): boolean {
    const { mailboxes, chunks } = this.#tables
    return this.#environment.read(
      () =>
        mailboxes.get(from.id)?.version !== from.version ||
        messages.some(({ uid }) => findRecord(chunks, from.id, uid) === undefined),
    )
  }

  /** Segments and stage groups whose files may not be safe under their own names yet. */
  #youngPlaces(partition: string): ReadonlySet<number> {
    const segments = liveSegments(journalDirectory(this.#config))
    const groups = [...groupsOf(this.#config, partition)].map(({ group }) => stageGroup + group)
    return new Set([...segments, ...groups])
  }

  /** A change that stored nothing leaves its stage group behind: nobody owes it to anybody. */
  #forget(change: Change, answer: Answer | undefined, prepared: Prepared | undefined): void {
    const group =
      change.kind === 'append' && change.staged.kind === 'file'
        ? { partition: change.staged.partition, group: change.staged.group }
        : prepared?.copies && { partition: prepared.copies.partition, group: prepared.copies.group }
    if (!group || (answer && storedSomething(answer))) return
    const path = findGroup(this.#config, group)
    if (path !== undefined) removeGroup(path)
  }

  /** @throws StoreError diskFull, before the kernel would say so */
  #demandRoom(): void {
    const now = performance.now()
    if (now - this.#roomAt > roomChecked || this.#roomAt === 0) {
      this.#roomAt = now
      const paths = [this.#config.configDirectory, ...this.#config.partitions.values()]
      this.#lacking = paths.find((path) => {
        const { bavail, bsize } = statfsSync(path)
        return bavail * bsize < reserve
      })
    }
    if (this.#lacking !== undefined)
      throw new StoreError(
        'diskFull',
        `Insufficient system storage: less than ${reserve >> 20} MB free at ${this.#lacking}`,
      )
  }
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

function storedSomething(answer: Answer): boolean {
  if (answer.kind !== 'done') return false
  const { outcome } = answer
  if ('targets' in outcome) return outcome.targets.some((target) => target.kind === 'stored')
  return !('from' in outcome) || outcome.from.length > 0
}

function workOf(effect: Effect, changes: readonly Change[], prepared: readonly Prepared[]): Work[] {
  if (effect.kind === 'task') return [effect]
  if (effect.kind !== 'unpack') return []
  const change = changes[effect.change]
  const place = prepared[effect.change]?.bytes
  if (change?.kind !== 'append' || change.staged.kind !== 'memory' || !place) return []
  const internalDate = change.targets[0]?.internalDate ?? Math.floor(Date.now() / 1000)
  return [{ kind: 'unpack', bytes: change.staged.bytes, place, internalDate, copies: effect.copies }]
}

/** A store error as it is; a full disk as one; anything else is ours. */
function answerFor(error: unknown): Answer {
  if (error instanceof StoreError) return { kind: 'refused', error: error.kind, message: error.message }
  const { code, message } = error as NodeJS.ErrnoException
  const full = code === 'ENOSPC' || code === 'EDQUOT' || /ENOSPC|No space left|MDB_MAP_FULL/.test(message)
  if (full) return { kind: 'refused', error: 'diskFull', message: 'Insufficient system storage' }
  return { kind: 'failed', message: (error as Error).stack ?? message }
}
