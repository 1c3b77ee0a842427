/** A writing process as our servers are built: transactions in one writer thread, reads and replies on the main thread. */
import { openSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Environment } from '../../../src/db/environment.js'
import { checkTotals, type Ledger, openLedger, post } from '../ledger/ledger.js'
import { seeded } from '../random.js'

interface Orders {
  readonly path: string
  readonly writer: number
  readonly seed: number
  /** Appended to: a line for each acknowledged transaction, `COMPLAINT …` for what a reader should never see. */
  readonly acknowledged: string
}

function open(path: string): Ledger {
  return openLedger(new Environment({ path, durable: true }))
}

function write({ path, writer, seed }: Orders): void {
  const ledger = open(path)
  const random = seeded(seed)
  const next = (): void => {
    parentPort?.postMessage(post(ledger, writer, random, 8000))
    setImmediate(next)
  }
  next()
}

function answer(orders: Orders): void {
  const acknowledged = openSync(orders.acknowledged, 'a')
  const ledger = open(orders.path)
  let newest = 0
  const thread = new Worker(fileURLToPath(import.meta.url), { workerData: orders })
  thread.on('message', (line: string) => {
    writeSync(acknowledged, `${line}\n`)
    newest = Number(line.split(' ')[0])
  })
  thread.on('error', (error) => {
    writeSync(acknowledged, `COMPLAINT the writer thread failed: ${error.message}\n`)
    process.exit(1)
  })
  setInterval(() => {
    for (const complaint of checkTotals(ledger, newest)) writeSync(acknowledged, `COMPLAINT ${complaint}\n`)
  }, 5)
}

if (isMainThread) answer(JSON.parse(process.argv[2] ?? '') as Orders)
else write(workerData as Orders)
