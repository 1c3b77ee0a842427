/** A store with a configuration file, for tests of the programs that work on it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStoreTool, type StoreTool } from '../../src/admin/store-tool.js'
import { readImapdConf } from '../../src/config/imapd-conf.js'
import { storeConfig } from '../../src/store/config.js'
import { type MailStore, openStore } from '../../src/store/mail-store.js'
import type { InternalName } from '../../src/store/mailbox-name.js'
import { type MailboxId, system } from '../../src/store/types.js'

export interface ToolFixture {
  readonly directory: string
  readonly spool: string
  readonly conf: string
  /** Opens the store, uses it, closes it. */
  with<T>(use: (store: MailStore) => Promise<T>): Promise<T>
  run(
    tool: StoreTool,
    ...args: string[]
  ): Promise<{ readonly status: number; readonly out: readonly string[]; readonly error: readonly string[] }>
  remove(): void
}

export function toolFixture(): ToolFixture {
  const directory = mkdtempSync(join(tmpdir(), 'angarium-tool.'))
  const [conf, spool] = [join(directory, 'imapd.conf'), join(directory, 'spool')]
  mkdirSync(spool)
  writeFileSync(
    conf,
    `configdirectory: ${directory}/conf\npartition-default: ${spool}\naltnamespace: no\nunixhierarchysep: no\n`,
  )
  return {
    directory,
    spool,
    conf,
    async with(use) {
      const config = { ...storeConfig(readImapdConf(conf).values), segmentSize: 1024 * 1024 }
      const store = await openStore({ config, writer: 'inline' })
      try {
        return await use(store)
      } finally {
        await store.close()
      }
    },
    async run(tool, ...args) {
      const [out, error]: [string[], string[]] = [[], []]
      const output = { out: (line: string) => out.push(line), error: (line: string) => error.push(line) }
      const status = await runStoreTool(tool, ['-C', conf, ...args], output)
      return { status, out, error }
    },
    remove: () => rmSync(directory, { recursive: true }),
  }
}

export async function create(store: MailStore, name: string): Promise<MailboxId> {
  const { mailbox } = await store.change({ kind: 'createMailbox', as: system, name: name as InternalName })
  return mailbox
}

export async function append(
  store: MailStore,
  mailbox: MailboxId,
  text: string,
  more: { readonly flags?: readonly string[]; readonly internalDate?: number } = {},
): Promise<void> {
  const staging = store.stage('default')
  await staging.write(Buffer.from(text))
  const staged = await staging.finish()
  const target = { mailbox, flags: [], quota: true, ...more }
  await store.change({ kind: 'append', as: system, staged, targets: [target] })
}
