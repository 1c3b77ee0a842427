/** The store of one process: reads in this thread, changes through its writer, news through the hub. */

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeView } from '../mime/view.js'
import type { HubClient } from '../net/hub-client.js'
import { Announcer } from './announce.js'
import type { Change, OutcomeOf, RenameMailbox } from './change/change.js'
import { indexDirectory, type StoreConfig } from './config.js'
import { StoreError } from './errors.js'
import { isUserInbox } from './mailbox-name.js'
import type { MessageRecord } from './message-record.js'
import { StoreView } from './read/store-view.js'
import { type Recovered, recover } from './recovery.js'
import { makeDirectories } from './spool/directory.js'
import { readMessageBytes } from './spool/message-file.js'
import { Staging } from './spool/staging.js'
import type { MessageCache, StagingArea, Store, Watch } from './store.js'
import { formatVersion } from './tables.js'
import { type Mailbox, type MailboxId, type ModSeq, system } from './types.js'
import { allUids } from './uid-ranges.js'
import type { View } from './view.js'
import { ThreadWriter } from './writer/thread-writer.js'
import { closeWorkshop, openWorkshop, type Workshop } from './writer/workshop.js'
import { InlineWriter, type Told, type Writer } from './writer/writer.js'

export interface StoreOptions {
  readonly config: StoreConfig
  /** `inline` for tools, `threads` for services. */
  readonly writer: 'inline' | 'threads'
  /** Without it nobody else is told, and `watch` hears only of this process. */
  readonly hub?: HubClient
  /** One line about something mended or gone wrong. */
  readonly report?: (line: string) => void
  /** The writer died: this process should end. */
  readonly failed?: (error: Error) => void
}

/** Milliseconds to wait for files that are moving, and between looks. */
const patience = 3_000
const pause = 15

/**
 * Opens the store, made if missing, and completes what dead processes left in it.
 * @throws Error when a later version wrote it, or a real Cyrus did
 */
export async function openStore(options: StoreOptions): Promise<MailStore> {
  const { config } = options
  for (const path of [config.configDirectory, ...config.partitions.values()]) makeDirectories(path)
  demandOurs(config)
  const report = options.report ?? (() => undefined)
  const workshop = openWorkshop(config, report)
  markFormat(workshop)
  const recovered = await recover(workshop)
  return new MailStore(workshop, options, recovered)
}

/** @throws Error naming the importer: a directory that a real Cyrus has used is never written. DESIGN.md §5 */
function demandOurs(config: StoreConfig): void {
  const index = join(indexDirectory(config), 'data.mdb')
  if (!existsSync(index) && existsSync(join(config.configDirectory, 'mailboxes.db')))
    throw new Error(
      `${config.configDirectory} belongs to a Cyrus server (mailboxes.db): give Angarium a directory of its own and copy the mail over IMAP`,
    )
}

/** @throws Error when a later version wrote the index */
function markFormat({ environment, tables }: Workshop): void {
  const format = environment.read(() => tables.meta.get('format'))
  if (typeof format === 'number' && format > formatVersion)
    throw new Error(
      `${environment.path} has format ${format}, this server knows up to ${formatVersion}: run the newer version`,
    )
  if (format === formatVersion) return
  environment.write(() => {
    tables.meta.put('format', formatVersion)
    tables.meta.put('server', randomUUID())
    tables.meta.put('generation', 1)
  })
}

export class MailStore implements Store {
  readonly cache: MessageCache
  readonly recovered: Recovered
  /** For repair and checkpoints, which work below the views. */
  readonly workshop: Workshop
  readonly #view: View
  readonly #writer: Writer
  readonly #announcer: Announcer

  constructor(workshop: Workshop, options: StoreOptions, recovered: Recovered) {
    this.workshop = workshop
    this.cache = workshop.cache
    this.recovered = recovered
    this.#view = new StoreView(workshop.tables, workshop.config)
    this.#announcer = new Announcer(options.hub, (id) => this.read((view) => view.mailbox(id)?.highestModSeq))
    const told = (news: Told): void => this.#announcer.announce(news)
    this.#writer =
      options.writer === 'inline'
        ? new InlineWriter(workshop, told)
        : new ThreadWriter({
            config: workshop.config,
            told,
            report: workshop.report,
            failed: options.failed ?? (() => undefined),
          })
  }

  read<T>(closure: (view: View) => T): T {
    return this.workshop.environment.read(() => closure(this.#view))
  }

  async change<C extends Change>(change: C): Promise<OutcomeOf<C>> {
    if (change.kind === 'renameMailbox' && isUserInbox(change.from) && !isUserInbox(change.to))
      return (await this.#renameInbox(change)) as OutcomeOf<C>
    const deadline = performance.now() + patience
    for (;;) {
      const answer = await this.#writer.submit(change)
      if (answer.kind === 'done') return answer.outcome as OutcomeOf<C>
      if (answer.kind === 'failed') throw new Error(answer.message)
      const moving = answer.error === 'unavailable' && change.kind !== 'append' && performance.now() < deadline
      if (!moving) throw new StoreError(answer.error, answer.message)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  /** The messages move to a new mailbox, INBOX stays and is empty. RFC 9051 §6.3.6 */
  async #renameInbox({ as, from, to, partition }: RenameMailbox): Promise<OutcomeOf<RenameMailbox>> {
    const inbox = this.read((view) => view.lookup(from))
    if (!inbox) throw new StoreError('noSuchMailbox', `Mailbox ${from} does not exist`)
    const created = await this.change({ kind: 'createMailbox', as, name: to, ...(partition ? { partition } : {}) })
    await this.change({ kind: 'copy', as: system, from: inbox.id, uids: allUids, to: created.mailbox, move: true })
    return { renamed: [{ mailbox: created.mailbox, from, to }] }
  }

  stage(partition: string): StagingArea {
    return new Staging(this.workshop.config, partition)
  }

  readMessage(mailbox: Mailbox, message: MessageRecord): Buffer {
    try {
      return readMessageBytes(this.workshop.config, mailbox, message)
    } catch (error) {
      // It may have moved or gone since the caller looked: look again.
      const [current, still] = this.read((view) => [view.mailbox(mailbox.id), view.message(mailbox.id, message.uid)])
      if (!current || !still) throw new StoreError('messageGone', `Message ${message.uid} of ${mailbox.name} is gone`)
      if (current.version === mailbox.version) throw error
      return readMessageBytes(this.workshop.config, current, still)
    }
  }

  readView(mailbox: Mailbox, message: MessageRecord): Buffer {
    const bytes = this.readMessage(mailbox, message)
    return message.repairedView ? makeView(bytes) : bytes
  }

  watch(mailbox: MailboxId, changed: (modSeq: ModSeq) => void): Watch {
    return this.#announcer.watch(mailbox, changed)
  }

  watchList(changed: () => void): Watch {
    return this.#announcer.watchList(changed)
  }

  async close(): Promise<void> {
    await this.#writer.close()
    await closeWorkshop(this.workshop)
  }
}
