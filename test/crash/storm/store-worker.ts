/** A working process on the store, as a service is: writer and settler threads, many changes under way at once. */
import { createHash } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'
import { StoreError } from '../../../src/store/errors.js'
import { type MailStore, openStore } from '../../../src/store/mail-store.js'
import type { InternalName } from '../../../src/store/mailbox-name.js'
import { type MailboxId, system } from '../../../src/store/types.js'
import { allUids } from '../../../src/store/uid-ranges.js'
import { type Random, seeded } from '../random.js'
import { configBelow } from '../store/direct.js'

export const mailboxNames = ['shared.a', 'shared.b', 'shared.c', 'shared.d'] as const
/** Changes under way at once in one process. */
const loops = 6

interface Orders {
  readonly root: string
  readonly seed: number
  /** `stored SHA-256` for each acknowledged append, `COMPLAINT …` for answers that must not be. */
  readonly acknowledged: string
}

async function work({ root, seed, acknowledged }: Orders): Promise<void> {
  const file = openSync(acknowledged, 'a')
  const note = (line: string): number => writeSync(file, `${line}\n`)
  const store = await openStore({ config: configBelow(root), writer: 'threads', failed: () => process.exit(1) })
  const loop = async (number: number): Promise<never> => {
    const random = seeded(seed * 16 + number)
    for (;;)
      try {
        await act(store, random, note)
      } catch (error) {
        const passing =
          error instanceof StoreError && ['unavailable', 'noSuchMailbox', 'mailboxExists'].includes(error.kind)
        if (!passing) note(`COMPLAINT ${String(error)}`)
      }
  }
  await Promise.all(Array.from({ length: loops }, (_, number) => loop(number)))
}

async function act(store: MailStore, random: Random, note: (line: string) => void): Promise<void> {
  const ids = store.read((view) => mailboxNames.flatMap((name) => view.lookup(name as InternalName)?.id ?? []))
  const [from, to] = [random.pick(ids), random.pick(ids)]
  const dice = random.below(100)
  if (from === undefined || to === undefined) return
  if (dice < 75) await append(store, random, { to, note })
  else if (dice < 88 && from !== to)
    await store.change({ kind: 'copy', as: system, from, to, uids: allUids, move: true })
  else if (dice < 97)
    await store.change({ kind: 'setFlags', as: system, mailbox: to, uids: allUids, how: 'add', flags: ['\\Flagged'] })
  else await rename(store, random)
}

/** Away and back, so that directories move under everybody's hands. */
async function rename(store: MailStore, random: Random): Promise<void> {
  const name = random.pick(mailboxNames) ?? 'shared.a'
  const other = `${name}x`
  const [from, to] = store.read((view) => (view.lookup(name as InternalName) ? [name, other] : [other, name]))
  if (from && to)
    await store.change({ kind: 'renameMailbox', as: system, from: from as InternalName, to: to as InternalName })
  if (from === name)
    await store.change({ kind: 'renameMailbox', as: system, from: other as InternalName, to: name as InternalName })
}

async function append(
  store: MailStore,
  random: Random,
  { to, note }: { to: MailboxId; note: (line: string) => void },
): Promise<void> {
  const size = random.chance(0.02) ? 300_000 : 50 + random.below(4000)
  const bytes = Buffer.concat([Buffer.from(`Subject: ${process.pid} ${performance.now()}\r\n\r\n`), random.bytes(size)])
  const staging = store.stage('default')
  await staging.write(bytes)
  const staged = await staging.finish()
  const { targets } = await store.change({
    kind: 'append',
    as: system,
    staged,
    targets: [{ mailbox: to, flags: [], quota: false }],
  })
  const [outcome] = targets
  if (outcome?.kind === 'stored') note(`stored ${createHash('sha256').update(bytes).digest('hex')}`)
  else if (outcome?.kind !== 'refused' || !['unavailable', 'noSuchMailbox'].includes(outcome.error))
    note(`COMPLAINT ${JSON.stringify(outcome)}`)
}

const [orders] = process.argv.slice(2)
if (orders?.startsWith('{')) await work(JSON.parse(orders) as Orders)
