// The change hub: takes announcements from every worker and passes each to the workers that subscribed to its key.
import { createServer, type Server, type Socket } from 'node:net'
import { HUB_VERSION, type HubFrame, HubFrameReader, writeHubFrame } from '../../net/hub-frame.js'

/** A worker that reads so slowly that this many octets wait for it gets one `lost` instead of what follows. */
const MAX_WAITING = 256 * 1024
/** A worker may subscribe to this many keys; one that wants more is hung up on, and polls. */
const MAX_KEYS = 1_000_000

interface Worker {
  readonly socket: Socket
  readonly keys: Set<string>
  /** Frames for it out of the slice that is being read. */
  out: Buffer[]
  /** It did not keep up: when it has read what waits, it is told to look at everything. */
  behind: boolean
  greeted: boolean
}

export interface Hub {
  /** Give it the listening address; errors of listening are its events. */
  readonly server: Server
  /** How many workers are connected, and how many keys are subscribed to. */
  count(): { workers: number; keys: number }
  /** Stops listening, hangs up on everybody. */
  close(): Promise<void>
}

/** `maxWaiting`: octets, for tests. */
export function changeHub({ maxWaiting = MAX_WAITING }: { maxWaiting?: number } = {}): Hub {
  const workers = new Set<Worker>()
  const subscribers = new Map<string, Set<Worker>>()

  function subscribe(worker: Worker, key: string): void {
    if (worker.keys.size >= MAX_KEYS) worker.socket.destroy()
    worker.keys.add(key)
    const others = subscribers.get(key)
    if (others) others.add(worker)
    else subscribers.set(key, new Set([worker]))
    post(worker, writeHubFrame({ kind: 'subscribed', key }))
  }

  function unsubscribe(worker: Worker, key: string): void {
    if (!worker.keys.delete(key)) return
    const others = subscribers.get(key)
    others?.delete(worker)
    if (others?.size === 0) subscribers.delete(key)
  }

  /** Puts bytes aside for a worker until the slice is read; nothing for one that is behind. */
  function post(worker: Worker, bytes: Buffer): void {
    if (worker.behind) return
    worker.out.push(bytes)
  }

  function broadcast(from: Worker, to: Iterable<Worker>, bytes: Buffer, touched: Set<Worker>): void {
    for (const worker of to) {
      if (worker === from) continue
      post(worker, bytes)
      touched.add(worker)
    }
  }

  function take(worker: Worker, frame: HubFrame, touched: Set<Worker>): void {
    if (!worker.greeted) {
      if (frame.kind !== 'hello' || frame.key !== HUB_VERSION) worker.socket.destroy()
      worker.greeted = true
    } else if (frame.kind === 'announce') {
      const to = subscribers.get(frame.key)
      if (to) broadcast(worker, to, writeHubFrame(frame), touched)
    } else if (frame.kind === 'subscribe') subscribe(worker, frame.key)
    else if (frame.kind === 'unsubscribe') unsubscribe(worker, frame.key)
    else if (frame.kind === 'lost') broadcast(worker, workers, writeHubFrame(frame), touched)
  }

  function send(worker: Worker): void {
    const bytes = worker.out.length === 1 && worker.out[0] ? worker.out[0] : Buffer.concat(worker.out)
    worker.out = []
    if (bytes.length === 0) return
    worker.socket.write(bytes)
    if (worker.socket.writableLength > maxWaiting) worker.behind = true
  }

  function catchUp(worker: Worker): void {
    if (!worker.behind) return
    worker.behind = false
    post(worker, writeHubFrame({ kind: 'lost', key: '' }))
    send(worker)
  }

  function leave(worker: Worker): void {
    workers.delete(worker)
    for (const key of [...worker.keys]) unsubscribe(worker, key)
  }

  function join(socket: Socket): void {
    const worker: Worker = { socket, keys: new Set(), out: [], behind: false, greeted: false }
    const frames = new HubFrameReader()
    workers.add(worker)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => leave(worker))
    socket.on('drain', () => catchUp(worker))
    socket.on('data', (slice) => {
      const touched = new Set([worker])
      try {
        for (const frame of frames.read(slice)) {
          if (socket.destroyed) break
          take(worker, frame, touched)
        }
      } catch {
        socket.destroy()
      }
      for (const other of touched) send(other)
    })
  }

  const server = createServer(join)
  return {
    server,
    count: () => ({ workers: workers.size, keys: subscribers.size }),
    close() {
      const done = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const worker of workers) worker.socket.destroy()
      return done
    },
  }
}
