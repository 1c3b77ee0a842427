/** The thread of a process that writes numbered files, fills the cache, and pays what else committed changes owe. */
import { parentPort, workerData } from 'node:worker_threads'
import { Settler } from '../settle/settler.js'
import { type FromSettler, reviveWork, type ThreadStart, type ToSettler } from './messages.js'
import { closeWorkshop, openWorkshop } from './workshop.js'

const { config, port } = workerData as ThreadStart
const say = (message: FromSettler): void => parentPort?.postMessage(message)
const workshop = openWorkshop(config, (line) => say({ kind: 'report', line }))
const settler = new Settler(workshop)

port.on('message', (message: ToSettler) => {
  if (message.kind === 'work') settler.take(message.work.map(reviveWork))
  else void close()
})

async function close(): Promise<void> {
  await settler.idle()
  await closeWorkshop(workshop)
  say({ kind: 'closed' })
  port.close()
  parentPort?.close()
}
