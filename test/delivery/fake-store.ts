// A store in memory with the store's own types, for tests of delivery without a disk.
import { createHash } from 'node:crypto'
import { type RightsOptions, rightsOf } from '../../src/store/acl.js'
import type { Append, AppendOutcome, Change } from '../../src/store/change/change.js'
import { StoreError, type StoreErrorKind } from '../../src/store/errors.js'
import type { InternalName } from '../../src/store/mailbox-name.js'
import type { StagingArea, Store } from '../../src/store/store.js'
import type { Mailbox, MailboxEntry, MailboxId, Quota, Staged } from '../../src/store/types.js'
import type { View } from '../../src/store/view.js'
import { name } from '../store/names.js'

export type FakeStore = {
  readonly store: Store
  /** Messages by mailbox name, each as its bytes. */
  readonly messages: Map<string, string[]>
  readonly appended: Append[]
  add(text: string, more?: Partial<Pick<MailboxEntry, 'acl' | 'specialUse'>>): void
  limit(root: string, quota: { storage?: number; messages?: number; used?: number }): void
  /** The next append ends so. */
  failNext(failure: StoreErrorKind | Error): void
}

const rights: RightsOptions = {
  virtdomains: 'off',
  defaultdomain: undefined,
  implicitOwnerRights: 'lkxan',
  crossdomains: false,
}

export function fakeStore(): FakeStore {
  const mailboxes = new Map<InternalName, MailboxEntry>()
  const quotas = new Map<string, Quota>()
  const messages = new Map<string, string[]>()
  const appended: Append[] = []
  const keys = new Set<string>()
  let failure: StoreErrorKind | Error | undefined
  const byId = (id: MailboxId) => [...mailboxes.values()].find((one) => one.id === id)

  const view = {
    lookup: (one: InternalName) => mailboxes.get(one) as Mailbox | undefined,
    list: (prefix: string) => [...mailboxes.values()].filter((one) => one.name.startsWith(prefix)),
    rights: (mailbox: MailboxEntry, actor: Parameters<View['rights']>[1]) => rightsOf(mailbox, actor, rights),
    quotaRootOf: (one: InternalName) =>
      [...quotas.values()].find(({ root }) => one === root || one.startsWith(`${root}.`)),
  } as unknown as View

  function append(change: Append): readonly AppendOutcome[] {
    appended.push(change)
    const failing = failure
    failure = undefined
    if (failing instanceof Error) throw failing
    const text = change.staged.kind === 'memory' ? change.staged.bytes.toString('latin1') : ''
    return change.targets.map((target): AppendOutcome => {
      const { mailbox } = target
      const entry = byId(mailbox)
      if (failing !== undefined) return { kind: 'refused', mailbox, error: failing, message: failing }
      if (entry === undefined) return { kind: 'refused', mailbox, error: 'noSuchMailbox', message: 'gone' }
      const known = [
        target.deliveryKey?.digest.toString('hex'),
        target.messageIdKey && JSON.stringify(target.messageIdKey),
      ]
      if (known.some((key) => key !== undefined && keys.has(key))) return { kind: 'duplicate', mailbox }
      for (const key of known) if (key !== undefined) keys.add(key)
      const there = messages.get(entry.name) ?? []
      messages.set(entry.name, [...there, text])
      return { kind: 'stored', mailbox, uidValidity: 1, uid: there.length + 1, modSeq: 1 } as AppendOutcome
    })
  }

  const store = {
    read: <T>(closure: (view: View) => T) => closure(view),
    change: async (change: Change) => {
      if (change.kind !== 'append') throw new StoreError('unavailable', `no ${change.kind} here`)
      return { targets: append(change) }
    },
    stage: () => fakeStage(),
  } as unknown as Store

  return {
    store,
    messages,
    appended,
    add(text, { acl = '', specialUse = [] } = {}) {
      const entry = { id: mailboxes.size + 1, name: name(text), partition: 'default', acl, specialUse }
      mailboxes.set(name(text), entry as unknown as MailboxEntry)
    },
    limit(root, { storage, messages: count, used = 0 }) {
      const usage = { STORAGE: used, MESSAGE: used > 0 ? 1 : 0, MAILBOX: 0, 'X-ANNOTATION-STORAGE': 0 }
      const limit = { STORAGE: storage, MESSAGE: count, MAILBOX: undefined, 'X-ANNOTATION-STORAGE': undefined }
      quotas.set(root, { root: name(root), usage, limit })
    },
    failNext(next) {
      failure = next
    },
  }
}

function fakeStage(): StagingArea {
  const chunks: Buffer[] = []
  return {
    get size() {
      return chunks.reduce((sum, { length }) => sum + length, 0)
    },
    write(chunk) {
      chunks.push(Buffer.from(chunk))
    },
    async finish(): Promise<Staged> {
      const bytes = Buffer.concat(chunks)
      const digest = (algorithm: string) => createHash(algorithm).update(bytes).digest()
      return {
        kind: 'memory',
        bytes,
        digests: { sha1: digest('sha1'), sha256: digest('sha256'), viewSize: bytes.length, clean: true },
      }
    },
    discard() {
      chunks.length = 0
    },
  }
}
