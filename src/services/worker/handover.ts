/** The worker's side of master's protocol: takes listeners and sockets, counts connections, drains, stops. */
import { createServer, Server, Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import {
  type FromMaster,
  type FromWorker,
  listeningHandle,
  type ServiceDescription,
} from '../../net/handover-messages.js'

/** Which entry of cyrus.conf a connection came in by. */
export type ServiceEntry = Pick<ServiceDescription, 'name' | 'args'>

export interface HandoverSettings {
  /** A client is there. The socket has not been read from. Must not throw. */
  readonly onConnection: (socket: Socket, entry: ServiceEntry) => void
  /** No more clients will come; those that are there may go on. */
  readonly onDrain?: () => void
  /** Tell the clients good-bye: what is left after so many milliseconds is cut. */
  readonly onStop: (milliseconds: number) => void
  /** The last connection is gone: close what is open. Then the process ends. */
  readonly onEnd: () => Promise<void>
  /** MiB; at 70 per cent of it no more clients are accepted. */
  readonly memoryBudget: number
}

/** Milliseconds between signs of life. */
const beatEvery = 1000
/** Milliseconds for the good-byes when master has vanished. */
const afterMaster = 5000

export const startedByMaster = (): boolean => process.send !== undefined

/** Call once, when the program is ready to serve. The process ends by itself when master says so. */
export function takeHandover(settings: HandoverSettings): void {
  const worker = new Handover(settings)
  process.on('message', (message, handle) => worker.hear(message as FromMaster, handle))
  process.on('disconnect', () => worker.stop(afterMaster))
  process.on('SIGTERM', () => worker.stop(afterMaster))
  process.on('SIGHUP', () => worker.drain())
  process.on('SIGINT', () => undefined)
  worker.begin()
}

interface Listener {
  readonly id: string
  readonly entry: string
  server: Server | undefined
  /** Whether master has been asked for it. */
  wanted: boolean
}

/** Owns the listeners and the sockets of this process. */
class Handover {
  readonly #settings: HandoverSettings
  readonly #entries = new Map<string, ServiceDescription>()
  readonly #listeners = new Map<string, Listener>()
  readonly #sockets = new Map<Socket, string>()
  readonly #counts = new Map<string, number>()
  readonly #queued: { socket: Socket; entry: string }[] = []
  #accepted = 0
  #ending: 'no' | 'draining' | 'stopping' | 'ended' = 'no'
  #pressed = false
  #before = performance.eventLoopUtilization()

  constructor(settings: HandoverSettings) {
    this.#settings = settings
  }

  begin(): void {
    tell({ kind: 'started' })
    setInterval(() => this.#beat(), beatEvery).unref()
  }

  hear(message: FromMaster, handle: unknown): void {
    if (message.kind === 'entries') this.#describe(message.entries)
    else if (message.kind === 'listen') this.#listen(message.listener, message.entry, handle)
    else if (message.kind === 'connection') {
      if (handle instanceof Socket) this.#queue(handle, message.entry)
    } else if (message.kind === 'drain') this.drain()
    else this.stop(message.within)
  }

  /** Shares change when workers that drain lose their clients. */
  #describe(entries: readonly ServiceDescription[]): void {
    for (const entry of entries) this.#entries.set(entry.name, entry)
    if (this.#ending === 'no') for (const { name } of entries) this.#settle(name)
  }

  /** Accepts where there is room, and leaves where there is none. */
  #settle(name: string): void {
    while (this.#hasRoom(name) && this.#takeQueued(name));
    if (this.#hasRoom(name)) this.#returnTo(name)
    else this.#leaveAll(name)
  }

  #listen(id: string, entry: string, handle: unknown): void {
    const server = handle instanceof Server ? handle : createServer().listen(handle as object)
    if (this.#ending !== 'no') {
      server.close()
      return
    }
    const known = this.#listeners.get(id)
    known?.server?.close()
    const listener: Listener = { id, entry, server, wanted: false }
    this.#listeners.set(id, listener)
    server.on('connection', (socket) => this.#take(socket, entry))
    server.on('error', () => undefined)
    const raw = listeningHandle(server)
    if (raw && !known) tell({ kind: 'hold', listener: id }, raw)
    if (!this.#hasRoom(entry)) this.#leave(listener)
  }

  /** A client that master sent may find the share used up by those that came in here meanwhile: it waits its turn. */
  #queue(socket: Socket, entry: string): void {
    if (this.#ending !== 'no') socket.destroy()
    else if (this.#hasRoom(entry)) this.#take(socket, entry)
    else this.#queued.push({ socket, entry })
  }

  /** The next client that waits for the entry, if there is one. */
  #takeQueued(name: string): boolean {
    const index = this.#queued.findIndex(({ entry }) => entry === name)
    const [next] = index < 0 ? [] : this.#queued.splice(index, 1)
    if (next) this.#take(next.socket, name)
    return next !== undefined
  }

  #take(socket: Socket, name: string): void {
    const entry = this.#entries.get(name) ?? { name, args: [] }
    this.#accepted++
    this.#sockets.set(socket, name)
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#release(socket, name))
    if (this.#accepted === 1) this.#beat()
    if (!this.#hasRoom(name)) this.#leaveAll(name)
    socket.setNoDelay(true)
    this.#settings.onConnection(socket, entry)
  }

  #release(socket: Socket, name: string): void {
    this.#sockets.delete(socket)
    this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1)
    if (this.#ending === 'no') {
      if (!this.#hasRoom(name) || !this.#takeQueued(name)) this.#returnTo(name)
    } else if (this.#sockets.size === 0) this.#end()
  }

  #hasRoom(name: string): boolean {
    const share = this.#entries.get(name)?.share ?? null
    return !this.#pressed && (share === null || (this.#counts.get(name) ?? 0) < share)
  }

  /** Closing our copy leaves the connections that wait to the other workers, or to us when we have room again. */
  #leave(listener: Listener): void {
    if (!listener.server) return
    listener.server.close()
    listener.server = undefined
    tell({ kind: 'full', listener: listener.id })
  }

  #leaveAll(name?: string): void {
    for (const listener of this.#listeners.values())
      if (name === undefined || listener.entry === name) this.#leave(listener)
  }

  #returnTo(name: string): void {
    if (!this.#hasRoom(name)) return
    for (const listener of this.#listeners.values()) {
      if (listener.entry !== name || listener.server || listener.wanted) continue
      listener.wanted = true
      tell({ kind: 'wants', listener: listener.id })
    }
  }

  #beat(): void {
    const memory = Math.round(process.memoryUsage.rss() / 1048576)
    const busy = performance.eventLoopUtilization(this.#before).utilization
    this.#before = performance.eventLoopUtilization()
    const counts = Object.fromEntries(this.#counts)
    tell({ kind: 'beat', connections: this.#sockets.size, counts, accepted: this.#accepted, memory, busy })
    this.#weigh(memory)
  }

  /** Short of memory, a worker takes no more clients; and when the last one is gone, it makes room for a fresh worker. */
  #weigh(memory: number): void {
    if (this.#ending !== 'no') return
    const pressed = memory > this.#settings.memoryBudget * (this.#pressed ? 0.6 : 0.7)
    if (pressed && this.#pressed && this.#sockets.size === 0) this.drain()
    if (pressed === this.#pressed) return
    this.#pressed = pressed
    if (pressed) this.#leaveAll()
    else for (const name of this.#entries.keys()) this.#settle(name)
  }

  #close(): void {
    for (const { socket } of this.#queued.splice(0)) socket.destroy()
    for (const listener of this.#listeners.values()) {
      listener.server?.close()
      listener.server = undefined
    }
  }

  drain(): void {
    if (this.#ending !== 'no') return
    this.#ending = 'draining'
    this.#close()
    if (this.#sockets.size === 0) this.#end()
    else this.#settings.onDrain?.()
  }

  stop(within: number): void {
    if (this.#ending === 'stopping' || this.#ending === 'ended') return
    this.#ending = 'stopping'
    this.#close()
    if (this.#sockets.size === 0) {
      this.#end()
      return
    }
    this.#settings.onStop(within)
    setTimeout(() => {
      for (const socket of this.#sockets.keys()) socket.destroy()
    }, within)
  }

  #end(): void {
    if (this.#ending === 'ended') return
    this.#ending = 'ended'
    this.#settings.onEnd().then(
      () => process.exit(0),
      () => process.exit(75),
    )
  }
}

/** Master may be gone; then there is nobody to tell. */
function tell(message: FromWorker, handle?: object): void {
  if (!process.connected) return
  process.send?.(message, handle as Server | undefined, undefined, () => undefined)
}
