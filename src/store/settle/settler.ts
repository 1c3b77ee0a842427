/**
 * Pays on disk what committed changes owe: numbered files, their names, headers, moved and removed directories; frees
 * journal segments. One after the other, outside every lock; whatever is left after a crash is paid by start-up.
 */
import type { Task } from '../tables.js'
import { settleExpunged, settleUnlink } from './expunged.js'
import { settleHeader } from './header.js'
import { settleMove } from './move.js'
import { settlePlace } from './place.js'
import { settlePurge } from './purge.js'
import type { Settled, Settlement, Work } from './settlement.js'
import { retireSegment, type Unpacked, unpack } from './unpack.js'

/** Milliseconds between tries of what could not be done. */
const retryAfter = 20
const retryAfterFailure = 5_000
/** Milliseconds of work after which other events of the thread get their turn. */
const slice = 10

export class Settler {
  readonly #settlement: Settlement
  readonly #queue: Work[] = []
  readonly #unpacked = new Map<number, Unpacked[]>()
  readonly #waiting: (() => void)[] = []
  #running = false
  #postponed = 0
  #closing = false

  constructor(settlement: Settlement) {
    this.#settlement = settlement
  }

  take(work: readonly Work[]): void {
    this.#queue.push(...work)
    if (!this.#running && this.#queue.length > 0) void this.#run()
  }

  /** Everything that could be done has been. What failed stays owed. */
  async idle(): Promise<void> {
    this.#closing = true
    while (this.#running || (this.#postponed > 0 && this.#queue.length > 0))
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#closing = false
  }

  async #run(): Promise<void> {
    this.#running = true
    let since = performance.now()
    for (let work = this.#queue.shift(); work; work = this.#queue.shift()) {
      await this.#attempt(work)
      if (performance.now() - since < slice) continue
      await new Promise((resolve) => setImmediate(resolve))
      since = performance.now()
    }
    this.#running = false
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  async #attempt(work: Work): Promise<void> {
    try {
      if ((await this.#settle(work)) === 'later') this.#postpone(work, retryAfter)
    } catch (error) {
      this.#settlement.report(
        `IOERROR: ${describe(work)}: ${(error as Error).message}: it stays owed and is tried again`,
      )
      // What is closing leaves it to the next start-up.
      if (!this.#closing) this.#postpone(work, retryAfterFailure)
    }
  }

  #postpone(work: Work, delay: number): void {
    this.#postponed++
    const timer = setTimeout(() => {
      this.#postponed--
      this.take([work])
    }, delay)
    if (delay === retryAfterFailure) timer.unref()
  }

  async #settle(work: Work): Promise<Settled> {
    const settlement = this.#settlement
    if (work.kind === 'unpack') {
      const list = this.#unpacked.get(work.place.segment) ?? []
      this.#unpacked.set(work.place.segment, list)
      list.push(...unpack(settlement, work))
      return 'done'
    }
    if (work.kind === 'retire') {
      const settled = await retireSegment(settlement, work.segment, this.#unpacked.get(work.segment) ?? [])
      if (settled === 'done') this.#unpacked.delete(work.segment)
      return settled
    }
    return settleTask(settlement, work)
  }
}

/** Pays one debt, and strikes it out. */
export function settleTask(settlement: Settlement, { debt, task }: { debt: number; task: Task }): Settled {
  const owed = { debt, task }
  switch (task.kind) {
    case 'header':
      return settleHeader(settlement, { ...owed, task })
    case 'expunged':
      return settleExpunged(settlement, { ...owed, task })
    case 'unlink':
      return settleUnlink(settlement, { ...owed, task })
    case 'place':
      return settlePlace(settlement, { ...owed, task })
    case 'move':
      return settleMove(settlement, { ...owed, task })
    case 'purge':
      return settlePurge(settlement, { ...owed, task })
  }
}

function describe(work: Work): string {
  if (work.kind === 'unpack')
    return `message files ${work.copies.map(({ mailbox, uid }) => `${mailbox}/${uid}`).join(' ')}`
  return work.kind === 'retire' ? `journal segment ${work.segment}` : `${work.task.kind} ${JSON.stringify(work.task)}`
}
