/** A store in a temporary directory, for tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processOwner, type StoreConfig } from '../../src/store/config.js'
import { type MailStore, openStore, type StoreOptions } from '../../src/store/mail-store.js'
import type { InternalName } from '../../src/store/mailbox-name.js'
import { digest } from '../../src/store/spool/staging.js'
import type { Actor, MailboxId, Staged } from '../../src/store/types.js'

export const admin: Actor = { kind: 'user', user: 'cyrus', groups: [], admin: true }
export const user = (name: string): Actor => ({ kind: 'user', user: name, groups: [], admin: false })
export const name = (text: string): InternalName => text as InternalName

export interface TestStore {
  readonly directory: string
  readonly config: StoreConfig
  readonly store: MailStore
  /** Closes it and opens it again. */
  reopen(): Promise<void>
  /** Closes it and removes the directory. */
  remove(): Promise<void>
}

export function testConfig(directory: string, change: Partial<StoreConfig> = {}): StoreConfig {
  return {
    configDirectory: join(directory, 'conf'),
    partitions: new Map([
      ['default', join(directory, 'spool')],
      ['other', join(directory, 'other')],
    ]),
    defaultPartition: 'default',
    layout: { hashimapspool: false, fulldirhash: false },
    rights: { virtdomains: 'off', defaultdomain: undefined, implicitOwnerRights: 'lkxan', crossdomains: false },
    defaultAcl: 'anyone lrs',
    deleteMode: 'delayed',
    expungeMode: 'delayed',
    duplicateSuppression: true,
    owner: processOwner(process.pid),
    segmentSize: 1024 * 1024,
    ...change,
  }
}

export async function makeStore(
  change: Partial<StoreConfig> = {},
  writer: StoreOptions['writer'] = 'inline',
): Promise<TestStore> {
  const directory = mkdtempSync(join(tmpdir(), 'angarium-store.'))
  const config = testConfig(directory, change)
  const opened = {
    directory,
    config,
    store: await openStore({ config, writer }),
    async reopen() {
      await opened.store.close()
      opened.store = await openStore({ config, writer })
    },
    async remove() {
      await opened.store.close()
      rmSync(directory, { recursive: true })
    },
  }
  return opened
}

export async function makeMailbox(store: MailStore, mailbox: string): Promise<MailboxId> {
  return (await store.change({ kind: 'createMailbox', as: admin, name: name(mailbox) })).mailbox
}

export function inMemory(text: string): Staged {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return { kind: 'memory', bytes, digests: digest(bytes) }
}

export async function appendText(store: MailStore, mailbox: MailboxId, text: string, flags: readonly string[] = []) {
  const target = { mailbox, flags, quota: true }
  const { targets } = await store.change({
    kind: 'append',
    as: { kind: 'system' },
    staged: inMemory(text),
    targets: [target],
  })
  return targets[0]
}

export const message = (subject: string): string =>
  `From: Paul <paul@example.com>\r\nTo: anne@example.com\r\nSubject: ${subject}\r\n\r\nHello, ${subject}.\r\n`
