/** DAEMON: programs that always run. Started again when they end, with a growing pause. */
import type { DaemonEntry } from '../config/cyrus-conf.js'
import type { Log } from '../log/log.js'
import { failure, type Job } from './job.js'

export interface DaemonSettings {
  readonly entry: DaemonEntry
  readonly log: Log
  /** Starts it; `readiness` gives it file descriptor 3. Undefined when its program is not there. */
  readonly run: (about: { readiness: boolean }) => Job | undefined
}

/** Milliseconds: first and longest pause before it is started again, and a life that counts as long. */
const pauses = { first: 500, longest: 60_000, longLife: 60_000 }

export class Daemon {
  readonly entry: DaemonEntry
  readonly #settings: DaemonSettings
  #job: Job | undefined
  #pause = pauses.first
  #timer: NodeJS.Timeout | undefined
  #stopping = false

  constructor(settings: DaemonSettings) {
    this.entry = settings.entry
    this.#settings = settings
  }

  /** Starts it. With wait=y, resolves once it has said `ok`; false when it has not. */
  begin(): Promise<boolean> {
    return this.#start(this.entry.wait)?.ready ?? Promise.resolve(!this.entry.wait)
  }

  #start(readiness: boolean): Job | undefined {
    const began = performance.now()
    const job = this.#settings.run({ readiness })
    this.#job = job
    void job?.ended.then((ended) => {
      this.#job = undefined
      if (this.#stopping) return
      const { name } = this.entry
      this.#settings.log.event('job.failed', {
        name,
        why: `${failure(ended) ?? 'exited, status 0'}; starting it again`,
      })
      this.#pause = performance.now() - began > pauses.longLife ? pauses.first : this.#pause
      this.#timer = setTimeout(() => this.#start(false), this.#pause)
      this.#pause = Math.min(pauses.longest, this.#pause * 2)
    })
    return job
  }

  signal(signal: NodeJS.Signals): void {
    this.#job?.signal(signal)
  }

  /** SIGTERM, and no other start. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#timer)
    this.#job?.signal('SIGTERM')
    await this.#job?.ended
  }

  kill(): void {
    this.#stopping = true
    clearTimeout(this.#timer)
    this.#job?.signal('SIGKILL')
  }
}
