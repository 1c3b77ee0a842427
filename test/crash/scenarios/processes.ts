/** Power cuts under the bare environment: three processes that write by turns, one of them killed on the way. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Environment } from '../../../src/db/environment.js'
import { checkLedger, openLedger, post } from '../ledger/ledger.js'
import type { Scenario, WriteNote } from '../power/scenario.js'
import { seeded } from '../random.js'
import { scenario as single } from './environment.js'

const poster = fileURLToPath(new URL('../ledger/poster.js', import.meta.url))

interface Post {
  readonly path: string
  readonly writer: number
  readonly transactions: number
  readonly seed: number
  /** Killed after that many acknowledged lines. */
  readonly killAfter?: number
}

function postElsewhere(post: Post, note: WriteNote): Promise<void> {
  const args = [poster, post.path, String(post.writer), String(post.transactions), String(post.seed)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let rest = ''
  let lines = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      note(line)
      lines++
    }
    if (post.killAfter !== undefined && lines >= post.killAfter) child.kill('SIGKILL')
  })
  return new Promise((resolve) => child.once('close', () => resolve()))
}

export const scenario: Scenario = {
  mapped: ['lock.mdb'],

  async run(root, note, seed) {
    const path = join(root, 'index')
    const environment = new Environment({ path, durable: true })
    const ledger = openLedger(environment)
    const others = [
      postElsewhere({ path, writer: 2, transactions: 40, seed: seed + 2 }, note),
      postElsewhere({ path, writer: 3, transactions: 400, seed: seed + 3, killAfter: 20 }, note),
    ]
    let open = others.length
    for (const other of others) other.finally(() => open--)
    const random = seeded(seed)
    while (open > 0) {
      note(post(ledger, 1, random))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const complaints = checkLedger(ledger, [])
    if (complaints.length > 0) throw new Error(complaints.join('; '))
    await environment.close()
  },

  check: single.check,
}
