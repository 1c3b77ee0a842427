/** The thread of a process that applies changes: takes what waits, runs a round, answers, hands the rest to the settler. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Engine } from '../engine.js'
import {
  type FromWriter,
  ownMemory,
  reviveChange,
  type ThreadStart,
  type ToSettler,
  type ToWriter,
} from './messages.js'
import { closeWorkshop, openWorkshop } from './workshop.js'
import { maxRound } from './writer.js'

const { config, port } = workerData as ThreadStart
const main = parentPort
if (!main) throw new Error('writer-thread is started by the store, not by hand')
const workshop = openWorkshop(config, () => undefined)
const engine = new Engine(workshop)

main.on('message', (first: ToWriter) => {
  const waiting = [first]
  while (waiting.length < maxRound) {
    const next = receiveMessageOnPort(main)
    if (!next) break
    waiting.push(next.message as ToWriter)
  }
  const changes = waiting.flatMap((message) =>
    message.kind === 'change' ? [{ ...message, change: reviveChange(message.change) }] : [],
  )
  if (changes.length > 0) runRound(changes)
  if (waiting.some(({ kind }) => kind === 'close')) void close()
})

function runRound(changes: readonly (ToWriter & { kind: 'change' })[]): void {
  const { answers, work, ...told } = engine.run(changes.map(({ change }) => change))
  const numbered = changes.map(
    ({ number }, index) => [number, answers[index] ?? { kind: 'failed', message: 'no answer' }] as const,
  )
  say({ kind: 'answers', answers: numbered, told })
  settle(work)
}

function settle(work: ReturnType<Engine['close']>): void {
  if (work.length === 0) return
  const memory = new Set(work.flatMap((one) => (one.kind === 'unpack' ? ownMemory(one.bytes) : [])))
  const message: ToSettler = { kind: 'work', work }
  port.postMessage(message, [...memory])
}

async function close(): Promise<void> {
  settle(engine.close())
  port.postMessage({ kind: 'close' } satisfies ToSettler)
  await closeWorkshop(workshop)
  say({ kind: 'closed' })
  port.close()
  main?.close()
}

function say(message: FromWriter): void {
  main?.postMessage(message)
}
