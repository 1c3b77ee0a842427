/** The processes of one listener of a service that is not ours: one for each client, by upstream's small protocol. */
import type { ServiceEntry } from '../config/cyrus-conf.js'
import type { Log } from '../log/log.js'
import { ForeignChild, type Said } from './foreign-child.js'
import type { Listener } from './listener.js'
import type { OtherProgram } from './plan.js'
import type { Readiness } from './readiness.js'

export interface ForeignSettings {
  readonly entry: ServiceEntry
  readonly program: OtherProgram
  readonly listener: Listener
  readonly readiness: Readiness
  readonly environment: (entry: string) => NodeJS.ProcessEnv
  readonly log: Log
}

/** Deaths of idle children after which the service is off, when they come within so many milliseconds. */
const mostFailures = { count: 5, within: 10_000 }

export class ForeignGroup {
  /** The listener is left to the children: clients that come before are turned away. */
  readonly ready: Promise<void>
  readonly #settings: ForeignSettings
  readonly #children = new Set<ForeignChild>()
  #ending: 'no' | 'draining' | 'stopping' = 'no'
  #open = false
  #off = false
  #watching = false
  #nextFork = 0
  #forkTimer: NodeJS.Timeout | undefined
  #failures: number[] = []
  #onEmpty: () => void = () => undefined

  constructor(settings: ForeignSettings) {
    this.#settings = settings
    const { listener, readiness } = settings
    listener.onConnection = (socket) => socket.destroy()
    this.ready = new Promise((resolve) => {
      readiness.add(listener, () => {
        resolve()
        this.#balance()
      })
      if (listener.held) resolve()
    })
  }

  get listeners(): readonly Listener[] {
    return [this.#settings.listener]
  }

  get #idle(): number {
    return [...this.#children].filter(({ state }) => state === 'idle').length
  }

  begin(): void {
    this.#open = true
    this.#balance()
  }

  /** Called each second: nothing may be forgotten. */
  watch(): void {
    this.#balance()
  }

  /** Enough idle children for prefork; with none at all, somebody watches for clients. */
  #balance(): void {
    const { entry, listener, readiness } = this.#settings
    if (!this.#open || this.#off || this.#ending !== 'no') return
    const room = () => entry.maxchild === undefined || this.#children.size < entry.maxchild
    while (this.#idle < entry.prefork && room() && this.#fork());
    if (this.#idle > 0 || !room() || this.#watching || this.#forkTimer) return
    this.#watching = true
    readiness.watch(listener, () => {
      this.#watching = false
      if (this.#open && this.#ending === 'no' && this.#idle === 0 && room()) this.#fork()
    })
  }

  /** Starts a child, or a timer when `maxforkrate` says to wait. */
  #fork(): boolean {
    const { entry, program, listener, environment, log } = this.#settings
    const descriptor = listener.descriptor
    if (this.#off || this.#forkTimer || descriptor === undefined) return false
    const now = performance.now()
    if (now < this.#nextFork) {
      this.#forkTimer = setTimeout(() => {
        this.#forkTimer = undefined
        if (this.#idle < Math.max(1, entry.prefork)) this.#fork()
        this.#balance()
      }, this.#nextFork - now)
      return false
    }
    if (entry.maxforkrate > 0) this.#nextFork = Math.max(now, this.#nextFork) + 1000 / entry.maxforkrate
    const child = new ForeignChild({
      path: program.path,
      args: program.args,
      descriptor,
      environment: environment(entry.name),
      onSaid: (from, said) => this.#hear(from, said),
      onExit: (from, ended) => this.#ended(from, ended),
      onLine: (line) => log.event('job.output', { name: entry.name, line }),
    })
    this.#children.add(child)
    log.event('worker.started', { name: entry.name, pid: child.pid })
    return true
  }

  #hear(child: ForeignChild, said: Said): void {
    if (child.state === 'gone' || said === 'connectionMulti') return
    child.state = said === 'available' ? 'idle' : 'busy'
    child.served = true
    if (child.state === 'idle' && this.#ending === 'draining') child.signal('SIGHUP')
    this.#balance()
  }

  #ended(child: ForeignChild, ended: { status: number | undefined; signal: string | undefined }): void {
    const { entry, log } = this.#settings
    const wasIdle = child.state === 'idle'
    const expected = this.#ending !== 'no' || ended.status === 0
    this.#children.delete(child)
    log.event(expected ? 'worker.finished' : 'worker.ended', { name: entry.name, pid: child.pid, ...ended })
    if (this.#children.size === 0) this.#onEmpty()
    if (this.#ending !== 'no') return
    if (wasIdle && (ended.status !== 0 || !child.served)) this.#failed()
    this.#balance()
  }

  #failed(): void {
    const { entry, listener, log } = this.#settings
    const now = performance.now()
    this.#failures = [...this.#failures.filter((time) => now - time < mostFailures.within), now]
    if (this.#failures.length < mostFailures.count) return
    this.#off = true
    log.event('service.disabled', { name: entry.name })
    listener.close()
  }

  /** SIGHUP: idle children go, busy ones when they are idle. */
  drain(): Promise<void> {
    this.#ending = 'draining'
    clearTimeout(this.#forkTimer)
    for (const child of this.#children) if (child.state === 'idle') child.signal('SIGHUP')
    return this.#empty()
  }

  stop(within: number): Promise<void> {
    this.#ending = 'stopping'
    clearTimeout(this.#forkTimer)
    for (const child of this.#children) child.signal('SIGTERM')
    setTimeout(() => this.kill(), within).unref()
    return this.#empty()
  }

  #empty(): Promise<void> {
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    if (this.#children.size === 0) this.#onEmpty()
    return empty
  }

  kill(): void {
    for (const child of this.#children) child.signal('SIGKILL')
  }
}
