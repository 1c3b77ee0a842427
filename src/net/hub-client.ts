// A process's line to the change hub: what it announces, what it wants to hear of, and polling when the hub is away.
import { connect, type Socket } from 'node:net'
import { HUB_VERSION, HubFrameReader, MAX_KEY_OCTETS, writeHubFrame } from './hub-frame.js'

/** `poll`: something may have changed, look. `changed`: it did, and its modseq is now at least this. */
export type News = { readonly kind: 'poll' } | { readonly kind: 'changed'; readonly modSeq: bigint }

/** Called outside every read and write of the store. Must be quick and must not throw. */
export type Listener = (news: News) => void

export interface HubClientOptions {
  /** Path of the hub's UNIX socket (`idlesocket`). It need not exist: then everybody polls. */
  readonly path: string
  /** Every listener gets `poll` this often, hub or no hub (`imapidlepoll`), in milliseconds; 0 is never. */
  readonly pollEvery: number
  /** The first wait before connecting again, in milliseconds; it doubles up to `RETRY_LIMIT`. */
  readonly retryAfter?: number
}

const RETRY_FIRST = 50
const RETRY_LIMIT = 5_000
/** So many octets unsent, and the hub counts as dead: the connection is thrown away and made again. */
const MAX_UNSENT = 1 << 20
/** So many changes are remembered for a hub that is away; beyond it everybody is told to look at everything. */
const MAX_PENDING = 4_096
/** Announcements handed to a hub that died within this time (ms) may not have been passed on. */
const DOUBT = 2_000
/** Looking at everything is not begun more often than this (ms). */
const POLL_SPACING = 200
/** So many keys are polled before the event loop gets its turn. */
const POLL_SLICE = 256
const POLL: News = { kind: 'poll' }

/**
 * One for each process. Connects when first used, again with back-off when the hub goes away, and keeps no process
 * alive by itself. What this process announces its own listeners hear at once, hub or no hub.
 */
export class HubClient {
  readonly #path: string
  readonly #retryFirst: number
  readonly #listeners = new Map<string, Set<Listener>>()
  /** Not yet handed to the hub: key and highest modseq. */
  #pending = new Map<string, bigint>()
  #flushing = false
  #lost = false
  #lastAnnounced = 0
  #socket: Socket | undefined
  #connected = false
  #retryIn: number
  #retryTimer: NodeJS.Timeout | undefined
  #pollTimer: NodeJS.Timeout | undefined
  #spacingTimer: NodeJS.Timeout | undefined
  #lastPoll = 0
  #closed = false

  constructor({ path, pollEvery, retryAfter = RETRY_FIRST }: HubClientOptions) {
    this.#path = path
    this.#retryFirst = retryAfter
    this.#retryIn = retryAfter
    if (pollEvery > 0) this.#pollTimer = setInterval(() => this.#pollSoon(), pollEvery).unref()
  }

  /** Whether the hub is there now; nobody needs to know this, but a monitor may show it. */
  get connected(): boolean {
    return this.#connected
  }

  /**
   * Hears of `key` from now on; returns how to stop. The listener gets one `poll` as soon as the hub has the
   * subscription, so that nothing falls between a look at the store and the subscription.
   */
  subscribe(key: string, listener: Listener): () => void {
    const known = this.#listeners.get(key)
    const listeners = known ?? new Set()
    listeners.add(listener)
    if (!known) {
      this.#listeners.set(key, listeners)
      this.#send(writeHubFrame({ kind: 'subscribe', key }))
    }
    return () => this.#unsubscribe(key, listener)
  }

  /** Tells everybody that `key` is now at `modSeq`. Returns at once, never throws; call it after the commit. */
  announce(key: string, modSeq: bigint): void {
    if (this.#closed) return
    const before = this.#pending.get(key)
    if (before === undefined && (this.#pending.size >= MAX_PENDING || Buffer.byteLength(key) > MAX_KEY_OCTETS))
      this.#lost = true
    else if (before === undefined || before < modSeq) this.#pending.set(key, modSeq)
    if (!this.#flushing) {
      this.#flushing = true
      queueMicrotask(() => this.#flush())
    }
    this.#tell(key, { kind: 'changed', modSeq })
  }

  /** Hands over what is announced, waiting at most `patience` ms for the hub, and hangs up. */
  async close(patience = 200): Promise<void> {
    if (this.#socket && !this.#connected && this.#pending.size > 0) await settled(this.#socket, 'connect', patience)
    if (this.#connected) this.#flush()
    this.#closed = true
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#spacingTimer)
    clearInterval(this.#pollTimer)
    const socket = this.#socket
    if (!socket) return
    if (this.#connected) {
      socket.end()
      await settled(socket, 'finish', patience)
    }
    socket.destroy()
  }

  #unsubscribe(key: string, listener: Listener): void {
    const listeners = this.#listeners.get(key)
    if (!listeners?.delete(listener) || listeners.size > 0) return
    this.#listeners.delete(key)
    if (this.#connected) this.#send(writeHubFrame({ kind: 'unsubscribe', key }))
  }

  #tell(key: string, news: News): void {
    const listeners = this.#listeners.get(key)
    if (listeners) for (const listener of [...listeners]) listener(news)
  }

  #flush(): void {
    this.#flushing = false
    if (!this.#connected) {
      this.#connect()
      return
    }
    const frames: Buffer[] = []
    if (this.#lost) frames.push(writeHubFrame({ kind: 'lost', key: '' }))
    for (const [key, modSeq] of this.#pending) frames.push(writeHubFrame({ kind: 'announce', key, modSeq }))
    this.#lost = false
    this.#pending = new Map()
    if (frames.length === 0) return
    this.#lastAnnounced = Date.now()
    this.#send(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames))
  }

  #send(bytes: Buffer): void {
    if (!this.#connected || !this.#socket) {
      this.#connect()
      return
    }
    this.#socket.write(bytes)
    if (this.#socket.writableLength > MAX_UNSENT) this.#socket.destroy()
  }

  #connect(): void {
    if (this.#socket || this.#retryTimer || this.#closed) return
    const socket = connect({ path: this.#path })
    socket.unref()
    this.#socket = socket
    const frames = new HubFrameReader()
    socket.once('connect', () => this.#greet())
    socket.on('error', () => socket.destroy())
    socket.on('data', (slice) => this.#hear(socket, frames, slice))
    socket.once('close', () => this.#hangUp())
  }

  #greet(): void {
    this.#connected = true
    const hello = [writeHubFrame({ kind: 'hello', key: HUB_VERSION })]
    for (const key of this.#listeners.keys()) hello.push(writeHubFrame({ kind: 'subscribe', key }))
    this.#socket?.write(Buffer.concat(hello))
    this.#flush()
  }

  #hear(socket: Socket, frames: HubFrameReader, slice: Buffer): void {
    try {
      for (const frame of frames.read(slice)) {
        this.#retryIn = this.#retryFirst
        if (frame.kind === 'announce') this.#tell(frame.key, { kind: 'changed', modSeq: frame.modSeq })
        else if (frame.kind === 'subscribed') this.#tell(frame.key, POLL)
        else if (frame.kind === 'lost') this.#pollSoon()
      }
    } catch {
      socket.destroy()
    }
  }

  #hangUp(): void {
    if (this.#connected && Date.now() - this.#lastAnnounced < DOUBT) this.#lost = true
    this.#socket = undefined
    this.#connected = false
    if (this.#closed) return
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined
      if (this.#listeners.size > 0 || this.#pending.size > 0 || this.#lost) this.#connect()
    }, this.#retryIn).unref()
    this.#retryIn = Math.min(this.#retryIn * 2, RETRY_LIMIT)
  }

  /** Every listener looks once, now or when `POLL_SPACING` since the last time has passed. */
  #pollSoon(): void {
    if (this.#spacingTimer) return
    const wait = Math.max(0, this.#lastPoll + POLL_SPACING - Date.now())
    this.#spacingTimer = setTimeout(() => {
      this.#spacingTimer = undefined
      this.#lastPoll = Date.now()
      this.#pollFrom([...this.#listeners.keys()], 0)
    }, wait).unref()
  }

  #pollFrom(keys: readonly string[], start: number): void {
    if (this.#closed) return
    for (const key of keys.slice(start, start + POLL_SLICE)) this.#tell(key, POLL)
    if (start + POLL_SLICE < keys.length) setImmediate(() => this.#pollFrom(keys, start + POLL_SLICE))
  }
}

/** When the event comes, or the socket closes, or the time (ms) is over. */
function settled(socket: Socket, event: 'connect' | 'finish', patience: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    socket.once(event, done)
    socket.once('close', done)
  })
}
