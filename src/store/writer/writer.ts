/** Where changes run: handed over here, answered when durable. The one decision of decision 0001, in one place. */
import type { Change } from '../change/change.js'
import { type Answer, Engine, type Round } from '../engine.js'
import { Settler } from '../settle/settler.js'
import type { Workshop } from './workshop.js'

/** What other sessions are to be told after a commit. */
export type Told = Pick<Round, 'changed' | 'listChanged'>

export interface Writer {
  submit(change: Change): Promise<Answer>
  /** Everything acknowledged has its files; journal segments are free. */
  close(): Promise<void>
}

/** Changes that share one transaction at most. */
export const maxRound = 256

/** Runs changes in the calling thread: for tools, which have nobody to stall. */
export class InlineWriter implements Writer {
  readonly #engine: Engine
  readonly #settler: Settler
  readonly #told: (told: Told) => void
  readonly #queue: { change: Change; resolve: (answer: Answer) => void }[] = []
  #scheduled = false

  constructor(workshop: Workshop, told: (told: Told) => void) {
    this.#engine = new Engine(workshop)
    this.#settler = new Settler(workshop)
    this.#told = told
  }

  submit(change: Change): Promise<Answer> {
    return new Promise((resolve) => {
      this.#queue.push({ change, resolve })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(() => this.#run())
    })
  }

  async close(): Promise<void> {
    while (this.#scheduled) await new Promise((resolve) => setImmediate(resolve))
    this.#settler.take(this.#engine.close())
    await this.#settler.idle()
  }

  #run(): void {
    const round = this.#queue.splice(0, maxRound)
    this.#scheduled = this.#queue.length > 0
    if (this.#scheduled) setImmediate(() => this.#run())
    const { answers, work, ...told } = this.#engine.run(round.map(({ change }) => change))
    for (const [index, { resolve }] of round.entries())
      resolve(answers[index] ?? { kind: 'failed', message: 'no answer' })
    this.#told(told)
    this.#settler.take(work)
  }
}
