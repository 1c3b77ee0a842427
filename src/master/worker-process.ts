/** One worker process of a service: started, given listeners and sockets, watched, drained, stopped. */
import { type ChildProcess, fork } from 'node:child_process'
import type { Server, Socket } from 'node:net'
import type { FromMaster, FromWorker, ServiceDescription } from '../net/handover-messages.js'

export interface WorkerEvents {
  readonly onMessage: (worker: WorkerProcess, message: FromWorker, handle: object | undefined) => void
  readonly onExit: (worker: WorkerProcess, ended: { status: number | undefined; signal: string | undefined }) => void
}

export interface WorkerSettings extends WorkerEvents {
  readonly slot: number
  readonly main: string
  readonly args: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  /** MiB of the JavaScript heap. */
  readonly memory: number
}

export type WorkerState = 'starting' | 'serving' | 'draining' | 'stopping' | 'gone'

export class WorkerProcess {
  readonly slot: number
  readonly startedAt = performance.now()
  state: WorkerState = 'starting'
  /** Milliseconds of performance.now() at the last sign of life. */
  lastSign = performance.now()
  connections = 0
  /** Connections by entry. */
  counts: Readonly<Record<string, number>> = {}
  accepted = 0
  busy = 0
  /** Listeners that the worker has left to others, for want of room. */
  readonly left = new Set<string>()
  readonly #child: ChildProcess

  constructor({ slot, main, args, environment, memory, onMessage, onExit }: WorkerSettings) {
    this.slot = slot
    this.#child = fork(main, [...args], {
      env: environment,
      execArgv: [`--max-old-space-size=${memory}`, '--enable-source-maps'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', (message, handle) => {
      this.lastSign = performance.now()
      onMessage(this, message as FromWorker, typeof handle === 'object' && handle !== null ? handle : undefined)
    })
    const gone = (status: number | undefined, signal: string | undefined) => {
      if (this.state === 'gone') return
      this.state = 'gone'
      onExit(this, { status, signal })
    }
    this.#child.on('exit', (status, signal) => gone(status ?? undefined, signal ?? undefined))
    this.#child.on('error', () => (this.#child.pid === undefined ? gone(71, undefined) : undefined))
  }

  /** 0 when the process could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  #tell(message: FromMaster, handle?: Server | Socket | object): void {
    if (!this.#child.connected) return
    this.#child.send(message, handle as Server | undefined, { keepOpen: false }, () => undefined)
  }

  describe(entries: readonly ServiceDescription[]): void {
    this.#tell({ kind: 'entries', entries })
  }

  listen(listener: { id: string; entry: string; handle: Server | object | undefined }): void {
    this.left.delete(listener.id)
    if (listener.handle) this.#tell({ kind: 'listen', listener: listener.id, entry: listener.entry }, listener.handle)
  }

  give(entry: string, socket: Socket): void {
    this.connections++
    this.#tell({ kind: 'connection', entry }, socket)
  }

  drain(): void {
    if (this.state === 'starting' || this.state === 'serving') this.state = 'draining'
    this.#tell({ kind: 'drain' })
  }

  stop(within: number): void {
    if (this.state !== 'gone') this.state = 'stopping'
    this.#tell({ kind: 'stop', within })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
