/**
 * Where a change runs (decision 0001): appends of 4 KB at 1, 10 and 50 at a time with the writer in the caller's thread and in
 * a thread of its own, and how long another process's commit waits while the appending one burns its main thread in
 * bursts of 200 ms. `node dist/bench/placement.js`
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processOwner, type StoreConfig } from '../src/store/config.js'
import { type MailStore, openStore, type StoreOptions } from '../src/store/mail-store.js'
import type { InternalName } from '../src/store/mailbox-name.js'
import type { MailboxId } from '../src/store/types.js'

const users = 100
const admin = { kind: 'user', user: 'cyrus', groups: [], admin: true } as const
const body = Buffer.from(`From: a@b.example\r\nSubject: 4 KB\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(56)}`)

function configIn(directory: string): StoreConfig {
  return {
    configDirectory: join(directory, 'conf'),
    partitions: new Map([['default', join(directory, 'spool')]]),
    defaultPartition: 'default',
    layout: { hashimapspool: false, fulldirhash: false },
    rights: { virtdomains: 'off', defaultdomain: undefined, implicitOwnerRights: 'lkxan', crossdomains: false },
    defaultAcl: '',
    deleteMode: 'delayed',
    expungeMode: 'delayed',
    duplicateSuppression: true,
    owner: processOwner(process.pid),
  }
}

async function appendOne(store: MailStore, mailbox: MailboxId): Promise<void> {
  const area = store.stage('default')
  area.write(Buffer.from(body))
  const targets = [{ mailbox, flags: [], quota: true }]
  await store.change({ kind: 'append', as: { kind: 'system' }, staged: await area.finish(), targets })
}

async function rate(
  store: MailStore,
  mailboxes: readonly MailboxId[],
  at: { once: number; total: number },
): Promise<number> {
  let sent = 0
  const begin = performance.now()
  await Promise.all(
    Array.from({ length: at.once }, async () => {
      while (sent < at.total) await appendOne(store, mailboxes[sent++ % users] as MailboxId)
    }),
  )
  return at.total / ((performance.now() - begin) / 1000)
}

/** In another process: a small commit every 50 ms while its main thread burns in bursts of 200 ms. */
async function burn(directory: string, writer: StoreOptions['writer']): Promise<void> {
  const store = await openStore({ config: configIn(directory), writer })
  const until = performance.now() + 5_000
  const commits = (async () => {
    while (performance.now() < until) {
      await store.change({ kind: 'subscribe', as: admin, user: 'burner', name: 'x' as InternalName, subscribed: true })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  while (performance.now() < until) {
    for (const end = performance.now() + 200; performance.now() < end; );
    await new Promise((resolve) => setImmediate(resolve))
  }
  await commits
  await store.close()
}

/** Waits of single commits of this process, milliseconds, while the other burns. */
async function waits(store: MailStore, writer: StoreOptions['writer'], directory: string): Promise<number[]> {
  const child = fork(fileURLToPath(import.meta.url), ['burn', directory, writer])
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let running = true
  void ended.then(() => {
    running = false
  })
  const times: number[] = []
  while (running) {
    const begin = performance.now()
    await store.change({ kind: 'subscribe', as: admin, user: 'waiter', name: 'x' as InternalName, subscribed: true })
    times.push(performance.now() - begin)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return times.sort((a, b) => a - b)
}

async function measure(writer: StoreOptions['writer']): Promise<string> {
  const directory = mkdtempSync(join(process.env['BENCH_DIRECTORY'] ?? tmpdir(), 'angarium-placement.'))
  const store = await openStore({ config: configIn(directory), writer })
  const mailboxes: MailboxId[] = []
  for (let number = 0; number < users; number++)
    mailboxes.push(
      (await store.change({ kind: 'createMailbox', as: admin, name: `user.u${number}` as InternalName })).mailbox,
    )
  const rates: string[] = []
  for (const once of [1, 10, 50])
    rates.push((await rate(store, mailboxes, { once, total: once * 100 + 1500 })).toFixed(0))
  const times = await waits(store, writer, directory)
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1)
  await store.close()
  rmSync(directory, { recursive: true })
  return `| ${writer} | ${rates.join(' / ')} | ${at(0.5)} | ${at(0.99)} | ${at(0.9999)} |`
}

const [mode, directory = '', writer] = process.argv.slice(2)
if (mode === 'burn') await burn(directory, writer === 'inline' ? 'inline' : 'threads')
else {
  console.log('| writer | appends/s at 1, 10, 50 | wait p50 ms | p99 | max |\n| --- | --- | --- | --- | --- |')
  for (const run of [1, 2, 3]) for (const kind of ['inline', 'threads'] as const) console.log(await measure(kind), run)
}
