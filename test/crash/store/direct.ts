/** The store in one thread, without its threads and sockets: engine, settler and recovery, with a hook at each step. */

import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../../src/db/environment.js'
import type { Change, Outcomes } from '../../../src/store/change/change.js'
import { processOwner, type StoreConfig } from '../../../src/store/config.js'
import { Engine } from '../../../src/store/engine.js'
import { type InternalName, readInternalName } from '../../../src/store/mailbox-name.js'
import type { Tables } from '../../../src/store/open-tables.js'
import { type Recovered, recover } from '../../../src/store/recovery.js'
import { Settler } from '../../../src/store/settle/settler.js'
import { Staging } from '../../../src/store/spool/staging.js'
import { type MailboxId, type Staged, system, type Uid } from '../../../src/store/types.js'
import { closeWorkshop, openWorkshop, type Workshop } from '../../../src/store/writer/workshop.js'
import { contentOf, inbox, type Step } from './program.js'

export interface DirectStore {
  readonly config: StoreConfig
  readonly environment: Environment
  readonly tables: Tables
  readonly workshop: Workshop
  /** Lines that the store reported about damage. */
  readonly reports: string[]
  /** What start-up had to do. */
  readonly recovered: Recovered
  /** Applies one step; the answer in the model's words, or `refused WHY`. */
  apply(step: Step): Promise<string>
  /** Pays what is owed and closes. */
  close(): Promise<void>
  /** Closes as it is. */
  abandon(): Promise<void>
}

export interface DirectOptions {
  readonly root: string
  readonly step?: (name: string) => void
}

export function configBelow(root: string, step?: (name: string) => void): StoreConfig {
  return {
    configDirectory: join(root, 'conf'),
    partitions: new Map([
      ['default', join(root, 'spool')],
      ['second', join(root, 'spool2')],
    ]),
    defaultPartition: 'default',
    layout: { hashimapspool: false, fulldirhash: false },
    rights: { virtdomains: 'off', defaultdomain: undefined, implicitOwnerRights: 'lkxa', crossdomains: false },
    defaultAcl: 'anyone lrs',
    deleteMode: 'delayed',
    expungeMode: 'delayed',
    duplicateSuppression: true,
    owner: processOwner(process.pid),
    segmentSize: 512 * 1024,
    ...(step ? { step } : {}),
  }
}

/** The directories that an administrator makes before the first start. */
export function makeRoot(root: string): void {
  for (const directory of ['conf', 'spool', 'spool2']) mkdirSync(join(root, directory), { recursive: true })
}

export async function openDirect({ root, step }: DirectOptions): Promise<DirectStore> {
  const reports: string[] = []
  const workshop = openWorkshop(configBelow(root, step), (line) => reports.push(line))
  const { config, environment, tables } = workshop
  const recovered = await recover(workshop)
  const engine = new Engine(workshop)
  const settler = new Settler(workshop)

  const change = async (value: Change): Promise<string> => {
    const { answers, work } = engine.run([value])
    settler.take(work)
    const [answer] = answers
    if (!answer || answer.kind === 'failed') throw new Error(answer?.message ?? 'no answer')
    return answer.kind === 'refused' ? `refused ${answer.error}` : wordsFor(value, answer.outcome)
  }
  const idOf = (name: string): MailboxId | undefined => environment.read(() => tables.names.get(toName(name)))

  return {
    config,
    environment,
    tables,
    workshop,
    reports,
    recovered,
    async apply(one) {
      if (one.kind === 'settle') {
        await settler.idle()
        return 'done '
      }
      if (one.kind === 'append') return await append(config, change, one, idOf)
      const value = changeFor(one, idOf)
      return value ? await change(value) : 'refused noSuchMailbox'
    },
    async close() {
      settler.take(engine.close())
      await settler.idle()
      await closeWorkshop(workshop)
    },
    async abandon() {
      await closeWorkshop(workshop)
    },
  }
}

function toName(text: string): InternalName {
  const name = readInternalName(text)
  if (!name) throw new Error(`the program names ${text}`)
  return name
}

async function append(
  config: StoreConfig,
  change: (value: Change) => Promise<string>,
  step: Step & { kind: 'append' },
  idOf: (name: string) => MailboxId | undefined,
): Promise<string> {
  const ids = step.to.map(idOf)
  const there = ids.filter((id) => id !== undefined)
  if (there.length === 0) return `done ${step.to.map(() => 'noSuchMailbox').join(' ')}`
  const staged = await stage(config, step)
  const anchor = idOf(inbox)
  const answer = await change({
    kind: 'append',
    as: system,
    staged,
    targets: there.map((mailbox) => ({
      mailbox,
      flags: step.flags,
      internalDate: step.date,
      quota: true,
      ...(step.delivery === undefined || anchor === undefined
        ? {}
        : { deliveryKey: { anchor, digest: deliveryDigest(step.delivery, mailbox) } }),
    })),
  })
  const words = answer.split(' ').slice(1)
  return `done ${ids.map((id) => (id === undefined ? 'noSuchMailbox' : words.shift())).join(' ')}`
}

function deliveryDigest(delivery: number, mailbox: MailboxId): Buffer {
  return createHash('sha1').update(`${delivery} ${mailbox}`).digest()
}

async function stage(config: StoreConfig, step: Step & { kind: 'append' }): Promise<Staged> {
  const staging = new Staging(config, 'default')
  const bytes = contentOf(step)
  for (let at = 0; at < bytes.length; at += 50_000) await staging.write(bytes.subarray(at, at + 50_000))
  return await staging.finish()
}

function changeFor(
  step: Exclude<Step, { kind: 'append' | 'settle' }>,
  idOf: (name: string) => MailboxId | undefined,
): Change | undefined {
  const as = system
  switch (step.kind) {
    case 'flags': {
      const mailbox = idOf(step.mailbox)
      return mailbox && { kind: 'setFlags', as, mailbox, uids: [uids(step.uids)], how: step.how, flags: step.flags }
    }
    case 'expunge': {
      const mailbox = idOf(step.mailbox)
      return mailbox && { kind: 'expunge', as, mailbox, uids: [uids(step.uids)], onlyDeleted: step.onlyDeleted }
    }
    case 'copy': {
      const [from, to] = [idOf(step.from), idOf(step.to)]
      return from && to && { kind: 'copy', as, from, to, uids: [uids(step.uids)], move: step.move }
    }
    case 'create':
      return { kind: 'createMailbox', as, name: toName(step.name), ...partitionOf(step) }
    case 'rename':
      return { kind: 'renameMailbox', as, from: toName(step.from), to: toName(step.to), ...partitionOf(step) }
    case 'delete':
      return { kind: 'deleteMailbox', as, name: toName(step.name), forGood: step.forGood }
    case 'acl':
      return { kind: 'setAcl', as, name: toName(step.name), identifier: step.identifier, rights: step.rights }
    case 'quota':
      return {
        kind: 'setQuota',
        as,
        root: toName(step.root),
        limits: step.storage === undefined ? {} : { STORAGE: step.storage },
      }
    case 'removeQuota':
      return { kind: 'removeQuota', as, root: toName(step.root) }
    case 'subscribe':
      return { kind: 'subscribe', as, user: 'paul', name: toName(step.name), subscribed: step.subscribed }
    case 'annotate': {
      const mailbox = idOf(step.mailbox)
      const value = step.value === undefined ? undefined : Buffer.from(step.value)
      return mailbox && { kind: 'setAnnotation', as, mailbox, entry: '/comment', user: undefined, value }
    }
  }
}

const uids = ({ first, last }: { first: number; last: number }) => ({ first: first as Uid, last: last as Uid })
const partitionOf = ({ partition }: { partition?: string }) => (partition === undefined ? {} : { partition })

/** An outcome in the model's words. */
function wordsFor(change: Change, outcome: Outcomes[Change['kind']]): string {
  if (change.kind === 'append' && 'targets' in outcome)
    return `done ${outcome.targets
      .map((target) =>
        target.kind === 'stored' ? target.uid : target.kind === 'duplicate' ? 'duplicate' : target.error,
      )
      .join(' ')}`
  if (change.kind === 'expunge' && 'expunged' in outcome) return `done ${listed(outcome.expunged)}`
  if (change.kind === 'copy' && 'to' in outcome) return `done ${listed(outcome.to)}`
  return 'done '
}

function listed(ranges: readonly { first: number; last: number }[]): string {
  return ranges
    .flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
    .join(' ')
}
