/**
 * The workers of entries that share a program: started on demand and by prefork, restarted with a growing pause, off after
 * five deaths before serving. Longer than most: the life of a worker is one story, and cutting it would hide the order.
 */

import type { Socket } from 'node:net'
import { availableParallelism } from 'node:os'
import type { ServiceEntry } from '../config/cyrus-conf.js'
import type { Log } from '../log/log.js'
import { closeHandle, type FromWorker, type ServiceDescription } from '../net/handover-messages.js'
import type { Listener } from './listener.js'
import { WorkerProcess } from './worker-process.js'

export interface GroupEntry extends ServiceEntry {
  readonly args: readonly string[]
}

export interface GroupSettings {
  /** The program, for the log. */
  readonly program: string
  readonly main: string
  readonly entries: readonly GroupEntry[]
  /** imapd.conf. */
  readonly conf: string
  readonly environment: (entry: string) => NodeJS.ProcessEnv
  /** MiB that one worker may use. */
  readonly memory: number
  readonly log: Log
  /** Clients of an entry that workers of before a SIGHUP still serve: they count against maxchild too. */
  readonly elsewhere: (entry: string) => number
}

/** Clients that may wait in master for the first worker. */
const mostWaiting = 1000
/** Deaths before serving after which a service is off. */
const mostFailures = 5
/** Milliseconds for a worker to come up. */
const startTime = 60_000
/** Connections of a worker from which on another one is started, if there may be more. */
const comfortable = 50
/** Milliseconds that workers beyond prefork live on without a connection. */
const idleTime = 300_000
/** Milliseconds of the longest pause before a worker is started again. */
const longestPause = 10_000

/** How many processes may run: `workers=`, else one per processor, and never more than connections. */
export function mostWorkers(entries: readonly ServiceEntry[]): number {
  const limits = entries.map(({ workers, maxchild }) => Math.min(workers ?? availableParallelism(), maxchild ?? 1024))
  return Math.max(1, ...limits)
}

/** The part of maxchild that the worker in `slot` may use; all of them together are maxchild. */
export function shareOf(maxchild: number | undefined, { slot, of }: { slot: number; of: number }): number | null {
  if (maxchild === undefined) return null
  return Math.floor(maxchild / of) + (slot < maxchild % of ? 1 : 0)
}

export class ServiceGroup {
  readonly #settings: GroupSettings
  readonly #most: number
  readonly #prefork: number
  readonly #workers = new Set<WorkerProcess>()
  readonly #waiting: { entry: string; socket: Socket }[] = []
  #listeners: readonly Listener[] = []
  #open = false
  #failures = 0
  #recentDeaths: number[] = []
  #restart: NodeJS.Timeout | undefined
  #forks: number[] = []
  #off = false
  #ending: 'no' | 'draining' | 'stopping' = 'no'
  #onEmpty: () => void = () => undefined
  #idleSince = new Map<WorkerProcess, number>()
  #fullSince = 0
  /** The clients elsewhere that the shares of now are made of. */
  #told = ''

  constructor(settings: GroupSettings) {
    this.#settings = settings
    this.#most = mostWorkers(settings.entries)
    this.#prefork = Math.min(this.#most, Math.max(...settings.entries.map(({ prefork }) => prefork)))
  }

  get workers(): readonly WorkerProcess[] {
    return [...this.#workers]
  }

  get listeners(): readonly Listener[] {
    return this.#listeners
  }

  get #live(): WorkerProcess[] {
    return this.workers.filter(({ state }) => state === 'starting' || state === 'serving')
  }

  get #name(): string {
    return this.#settings.entries[0]?.name ?? this.#settings.program
  }

  /** Takes the listeners; clients that come before `begin` wait. */
  take(listeners: readonly Listener[]): void {
    this.#listeners = listeners
    for (const listener of listeners)
      listener.onConnection = (socket) => {
        if (this.#waiting.length >= mostWaiting) {
          socket.destroy()
          return
        }
        this.#waiting.push({ entry: listener.entry, socket })
        this.#wake()
      }
  }

  /** From now on workers are started. `warm` starts one even without prefork. */
  begin({ warm = false } = {}): void {
    this.#open = true
    this.#refill(warm ? 1 : 0)
    this.#wake()
  }

  #wake(): void {
    if (this.#waiting.length === 0 || !this.#open || this.#off) return
    if (this.#live.length === 0 && !this.#restart) this.#start()
    this.#giveWaiting()
  }

  #refill(least = 0): void {
    if (!this.#open || this.#off || this.#ending !== 'no') return
    while (this.#live.length < Math.max(least, this.#prefork) && this.#start());
    if (this.#starved && !this.#starting) this.#start()
    if (this.#live.length === 0) for (const listener of this.#listeners) listener.poll()
  }

  /** Whether a listener is left by every worker there is, while there may be more of them. */
  get #starved(): boolean {
    const live = this.#live
    return live.length > 0 && this.#listeners.some(({ id }) => live.every(({ left }) => left.has(id)))
  }

  /** Milliseconds until `maxforkrate` allows another process. */
  #forkPause(): number {
    const rates = this.#settings.entries.map(({ maxforkrate }) => maxforkrate).filter((rate) => rate > 0)
    if (rates.length === 0) return 0
    const now = performance.now()
    this.#forks = this.#forks.filter((time) => now - time < 1000)
    return this.#forks.length < Math.min(...rates) ? 0 : 1000 - (now - (this.#forks[0] ?? now))
  }

  /** Starts a worker in the lowest free slot. False when it cannot be now. */
  #start(): boolean {
    const taken = new Set(this.#live.map(({ slot }) => slot))
    const slot = Array.from({ length: this.#most }, (_, index) => index).find((index) => !taken.has(index))
    if (slot === undefined || this.#off || this.#ending !== 'no') return false
    const pause = this.#forkPause()
    if (pause > 0) {
      this.#restart ??= setTimeout(() => this.#tryAgain(), pause)
      return false
    }
    this.#forks.push(performance.now())
    const { main, conf, memory, environment, log, entries } = this.#settings
    const [first] = entries
    const worker = new WorkerProcess({
      slot,
      main,
      args: ['-C', conf, ...(first?.args ?? [])],
      environment: environment(this.#name),
      memory,
      onMessage: (from, message, handle) => this.#hear(from, message, handle),
      onExit: (from, ended) => this.#ended(from, ended),
    })
    this.#workers.add(worker)
    log.event('worker.started', { name: this.#name, pid: worker.pid })
    return true
  }

  #tryAgain(): void {
    this.#restart = undefined
    this.#refill(this.#waiting.length > 0 ? 1 : 0)
    this.#wake()
  }

  #descriptions(slot: number): ServiceDescription[] {
    return this.#settings.entries.map(({ name, args, maxchild }) => ({
      name,
      args,
      share: shareOf(this.#free(name, maxchild), { slot, of: this.#most }),
    }))
  }

  #free(entry: string, maxchild: number | undefined): number | undefined {
    return maxchild === undefined ? undefined : Math.max(0, maxchild - this.#settings.elsewhere(entry))
  }

  /** Clients of an entry, as of the last signs of life. */
  clients(entry: string): number {
    return this.workers.reduce((sum, { counts }) => sum + (counts[entry] ?? 0), 0)
  }

  /** Tells the workers their shares again, when those of before have lost clients. */
  #reshare(): void {
    const { entries, elsewhere } = this.#settings
    const now = entries.map(({ name }) => elsewhere(name)).join()
    if (now === this.#told) return
    this.#told = now
    for (const worker of this.workers) if (worker.state === 'serving') worker.describe(this.#descriptions(worker.slot))
  }

  #hear(worker: WorkerProcess, message: FromWorker, handle: object | undefined): void {
    if (message.kind === 'started') this.#serve(worker)
    else if (message.kind === 'beat') this.#beat(worker, message)
    else if (message.kind === 'hold') {
      const listener = worker.state === 'serving' ? this.#find(message.listener) : undefined
      if (handle && listener) listener.hold(handle)
      else if (handle) closeHandle(handle)
    } else if (message.kind === 'wants') this.#relisten(worker, message.listener)
    else if (worker.state === 'serving') this.#full(worker, message.listener)
  }

  #find = (id: string): Listener | undefined => this.#listeners.find((listener) => listener.id === id)

  #serve(worker: WorkerProcess): void {
    if (worker.state !== 'starting') return
    worker.state = 'serving'
    worker.describe(this.#descriptions(worker.slot))
    for (const listener of this.#listeners) worker.listen(listener)
    this.#giveWaiting()
  }

  #relisten(worker: WorkerProcess, id: string): void {
    const listener = this.#find(id)
    if (worker.state === 'serving' && listener) worker.listen(listener)
  }

  /** Clients that master accepted go to the worker with the fewest. */
  #giveWaiting(): void {
    const serving = this.workers.filter(({ state }) => state === 'serving')
    const room = ({ connections, slot }: WorkerProcess, entry: string) => {
      const share = this.#descriptions(slot).find(({ name }) => name === entry)?.share ?? null
      return share === null || connections < share
    }
    for (let at = 0; at < this.#waiting.length; ) {
      const next = this.#waiting[at]
      const [best] = serving
        .filter((worker) => next && room(worker, next.entry))
        .sort((one, other) => one.connections - other.connections)
      if (best && next) {
        this.#waiting.splice(at, 1)
        best.give(next.entry, next.socket)
      } else at++
    }
    if (this.#waiting.length > 0 && serving.length > 0 && !this.#starting) this.#start()
  }

  get #starting(): boolean {
    return this.workers.some(({ state }) => state === 'starting')
  }

  #beat(worker: WorkerProcess, beat: FromWorker & { kind: 'beat' }): void {
    worker.connections = beat.connections
    worker.counts = beat.counts
    worker.accepted = beat.accepted
    worker.busy = beat.busy
    if (beat.accepted > 0) this.#failures = 0
    if (this.#waiting.length > 0) this.#giveWaiting()
    const live = this.#live
    const crowded = live.every(({ connections, busy }) => connections >= comfortable || busy > 0.7)
    if (this.#open && crowded && !this.#starting && live.length > 0) this.#start()
    this.#retire(worker)
  }

  /** Workers beyond prefork go when nobody has needed them for a while. */
  #retire(worker: WorkerProcess): void {
    if (worker.connections > 0 || worker.state !== 'serving') {
      this.#idleSince.delete(worker)
      return
    }
    const since = this.#idleSince.get(worker) ?? performance.now()
    this.#idleSince.set(worker, since)
    if (performance.now() - since < idleTime || this.#live.length <= this.#prefork) return
    if (this.#live.length === 1) for (const listener of this.#listeners) listener.poll()
    worker.drain()
  }

  #full(worker: WorkerProcess, id: string): void {
    worker.left.add(id)
    if (!this.#starting && this.#start()) return
    const all = this.#live.every(({ left }) => left.has(id))
    if (!all || performance.now() - this.#fullSince < 60_000) return
    this.#fullSince = performance.now()
    const connections = this.workers.reduce((sum, each) => sum + each.connections, 0)
    this.#settings.log.event('service.full', { name: this.#find(id)?.entry ?? this.#name, connections })
  }

  #ended(worker: WorkerProcess, ended: { status: number | undefined; signal: string | undefined }): void {
    const expected = this.#ending !== 'no' || ended.status === 0
    this.#workers.delete(worker)
    this.#idleSince.delete(worker)
    const event = { name: this.#name, pid: worker.pid, ...ended }
    this.#settings.log.event(expected ? 'worker.finished' : 'worker.ended', event)
    if (this.#workers.size === 0) this.#onEmpty()
    if (this.#ending !== 'no') return
    const now = performance.now()
    this.#recentDeaths = this.#recentDeaths.filter((time) => now - time < 60_000)
    if (!expected) this.#recentDeaths.push(now)
    if (!expected && worker.accepted === 0) this.#failures++
    if (this.#failures >= mostFailures) this.#switchOff()
    else this.#pauseThenRestart()
  }

  /** 0, 0.2, 0.4 … seconds, by how many died within the last minute. */
  #pauseThenRestart(): void {
    if (this.#restart) return
    const deaths = this.#recentDeaths.length
    const pause = deaths <= 1 ? 0 : Math.min(longestPause, 100 * 2 ** (deaths - 1))
    this.#restart = setTimeout(() => this.#tryAgain(), pause)
  }

  #switchOff(): void {
    this.#off = true
    for (const { name } of this.#settings.entries) this.#settings.log.event('service.disabled', { name })
    for (const { socket } of this.#waiting.splice(0)) socket.destroy()
    for (const listener of this.#listeners) listener.close()
  }

  /** Called each second. Kills workers that give no sign of life for `seconds`; 0 is never. */
  watch(seconds: number): void {
    if (this.#ending === 'no') this.#reshare()
    for (const worker of this.#workers) {
      const silent = performance.now() - worker.lastSign
      const limit = worker.state === 'starting' ? Math.max(startTime, seconds * 1000) : seconds * 1000
      if (seconds === 0 || silent < limit || worker.state === 'gone') continue
      worker.lastSign = performance.now()
      this.#settings.log.event('worker.hung', { name: this.#name, pid: worker.pid, seconds: Math.round(silent / 1000) })
      worker.kill()
    }
  }

  /** After master itself slept, nobody is blamed for silence. */
  forgive(): void {
    for (const worker of this.#workers) worker.lastSign = performance.now()
  }

  /** SIGHUP: the workers finish what they have. The listeners belong to the caller again. Resolves when all are gone. */
  drain(): Promise<void> {
    return this.#end('draining', (worker) => worker.drain())
  }

  /** SIGTERM: sessions end within so many milliseconds. */
  stop(within: number): Promise<void> {
    for (const { socket } of this.#waiting.splice(0)) socket.destroy()
    return this.#end('stopping', (worker) => worker.stop(within))
  }

  #end(how: 'draining' | 'stopping', tell: (worker: WorkerProcess) => void): Promise<void> {
    this.#ending = how
    clearTimeout(this.#restart)
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    if (this.#workers.size === 0) this.#onEmpty()
    for (const worker of this.#workers) tell(worker)
    return empty
  }

  /** Clients that still wait, for the group that takes over. */
  takeWaiting(): { entry: string; socket: Socket }[] {
    return this.#waiting.splice(0)
  }

  /** Clients that waited for the group before. */
  await(clients: readonly { entry: string; socket: Socket }[]): void {
    this.#waiting.push(...clients)
  }

  kill(): void {
    for (const worker of this.#workers) worker.kill()
  }
}
