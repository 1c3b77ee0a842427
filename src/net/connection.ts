/**
 * A byte stream to one peer: bounded input with lines, corked output with back-pressure, one timeout, layers (TLS, deflate).
 * Past 400 lines because input, output, timeout and layers share one stream, one failure and one end.
 */
import type { Duplex } from 'node:stream'
import { ByteQueue } from './byte-queue.js'
import { ConnectionError, LineTooLong } from './errors.js'
import { type Peer, peerOf } from './peer.js'
import { ignore, messageOf, type Settled, settled, within } from './settled.js'

/** Octets that may lie unread before the peer is made to wait. */
const INPUT_HIGH_WATER = 64 * 1024
/** Octets that may lie unsent before `congested`: a session then waits for `drained`. */
const OUTPUT_HIGH_WATER = 256 * 1024
/** Output is sent at the end of the event turn, or when so many octets wait. */
const CORK_LIMIT = 64 * 1024
/** Pieces are copied into one write up to this size; above it they go as they are. */
const JOIN_LIMIT = 16 * 1024
/** A line that never ends is given up after so many octets. */
const MAX_SKIPPED = 64 * 1024 * 1024

/** Every session ends with it, so it is made once: a stack trace of our own doing tells nothing. */
const closedHere = new ConnectionError('closed', 'connection closed')

export interface ConnectionOptions {
  /** Milliseconds without progress before `timeout`; 0, the default: never. */
  readonly timeout?: number
}

/** Sees what passes, for the protocol trace. Called with the bytes themselves: it must not keep them. */
export interface Tap {
  input(bytes: Buffer): void
  output(bytes: Buffer): void
}

/**
 * Input is pulled: `read` (bytes as they come), `readLine`, `readExactly`. Output is pushed: `write` queues, and what is
 * queued leaves together at the end of the event turn; a session that writes much asks `congested` and awaits `drained`.
 * All of it works alike on TCP, UNIX sockets, TLS and an in-memory pair. Buffers that `write` is given must not be
 * changed afterwards; Buffers that reads return belong to the caller.
 */
export class Connection {
  readonly peer: Peer
  /** Milliseconds; may be changed at any time. */
  timeout: number
  tap: Tap | undefined
  #stream: Duplex
  #queue = new ByteQueue()
  #arrival: Settled | undefined
  #drain: Settled | undefined
  #ended = false
  #failure: ConnectionError | undefined
  /** What the next read throws once nothing is left to read; the connection is usable after it. */
  #interruption: ConnectionError | undefined
  #timer: NodeJS.Timeout | undefined
  #timerSpan = 0
  #out: Buffer[] = []
  #outLength = 0
  #flushing: NodeJS.Immediate | undefined
  #closing = false
  #skipping = false
  #skipped = 0
  #detach: () => void = () => undefined
  #bytesIn = 0
  #bytesOut = 0

  constructor(stream: Duplex, { timeout = 0 }: ConnectionOptions = {}) {
    this.#stream = stream
    this.peer = peerOf(stream)
    this.timeout = timeout
    this.#attach(stream)
  }

  /** Octets read and written so far, above TLS and deflate. */
  get traffic(): { readonly bytesIn: number; readonly bytesOut: number } {
    return { bytesIn: this.#bytesIn, bytesOut: this.#bytesOut }
  }

  /** True when nothing more can be written. */
  get closed(): boolean {
    return this.#failure !== undefined || this.#stream.destroyed || this.#stream.writableEnded
  }

  /** Octets that lie here unread. */
  get buffered(): number {
    return this.#queue.length
  }

  // Input

  /** Resolves when `read` would not wait: bytes, the end, or a failure is there. Never rejects; may be raced and dropped. */
  readable(): Promise<void> {
    if (this.#queue.length > 0 || this.#ended || this.#failure || this.#interruption) return Promise.resolve()
    this.#arrival ??= settled()
    this.#arm()
    this.#stream.resume()
    return this.#arrival.promise
  }

  /** What has arrived, all of it or at most `max` octets; waits for some. Undefined at the end of input. Throws ConnectionError. */
  async read(max = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    while (this.#queue.length === 0) {
      if (!(await this.#more())) return undefined
    }
    return this.readNow(max)
  }

  /** What has arrived already, without waiting; undefined when nothing has. */
  readNow(max = Number.POSITIVE_INFINITY): Buffer | undefined {
    if (this.#queue.length === 0) return undefined
    const bytes = max < this.#queue.length ? this.#queue.takeSome(max) : this.#queue.takeAll()
    this.#resume()
    return bytes
  }

  /** Give back what was read too far; it is read again next. */
  unread(bytes: Buffer): void {
    this.#queue.unshift(bytes)
  }

  /**
   * The next line, without its CRLF or bare LF. Undefined at the end of input; a last line without an end is not a line.
   * Throws LineTooLong after the whole overlong line has passed, ConnectionError.
   */
  async readLine(limit: number): Promise<Buffer | undefined> {
    for (;;) {
      const line = this.lineNow(limit)
      if (line) return line
      if (!(await this.#more())) return undefined
    }
  }

  /** The next line if it is here already. Throws LineTooLong. */
  lineNow(limit: number): Buffer | undefined {
    const line = this.#queue.takeLine()
    if (!line) {
      // One octet more: the CR of a line of just the limit.
      if (this.#queue.length > limit + 1 || (this.#skipping && this.#queue.length > 0)) this.#skip()
      return undefined
    }
    this.#resume()
    if (this.#skipping || line.length > limit) {
      this.#skipping = false
      this.#skipped = 0
      throw new LineTooLong(limit)
    }
    return line
  }

  /** Exactly `size` octets; undefined when the input ends before. Only for sizes the caller has bounded. */
  async readExactly(size: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = []
    for (let missing = size; missing > 0; ) {
      const piece = await this.read(missing)
      if (!piece) return undefined
      pieces.push(piece)
      missing -= piece.length
    }
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
  }

  // Output

  /** Queue bytes (text as UTF-8). After a failure it does nothing: the next read or `drained` says so. */
  write(bytes: Buffer | string): void {
    if (this.closed) return
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    if (buffer.length === 0) return
    this.tap?.output(buffer)
    this.#out.push(buffer)
    this.#outLength += buffer.length
    this.#bytesOut += buffer.length
    if (this.#outLength >= CORK_LIMIT) this.flush()
    else this.#flushing ??= setImmediate(() => this.flush())
  }

  /** Hand everything queued to the system now instead of at the end of the event turn. */
  flush(): void {
    if (this.#flushing) clearImmediate(this.#flushing)
    this.#flushing = undefined
    const pieces = this.#out
    if (pieces.length === 0) return
    const length = this.#outLength
    this.#out = []
    this.#outLength = 0
    if (this.closed) return
    this.#arm()
    if (pieces.length === 1 && pieces[0]) this.#stream.write(pieces[0], this.#sent)
    else if (length <= JOIN_LIMIT) this.#stream.write(Buffer.concat(pieces, length), this.#sent)
    else {
      this.#stream.cork()
      for (const piece of pieces) this.#stream.write(piece, this.#sent)
      this.#stream.uncork()
    }
  }

  /** Enough lies unsent: a session that goes on writing should await `drained` first. */
  get congested(): boolean {
    return this.#outLength + this.#stream.writableLength > OUTPUT_HIGH_WATER
  }

  /** Resolves when little enough lies unsent. Throws ConnectionError when it never will be. */
  async drained(): Promise<void> {
    if (this.congested) this.flush()
    while (this.congested) await this.#waitForOutput()
    if (this.#failure) throw this.#failure
  }

  /** Resolves when everything written has gone to the system. Throws ConnectionError when it never will. */
  async flushed(): Promise<void> {
    this.flush()
    while (this.#stream.writableLength > 0) {
      await this.#waitForOutput()
      if (this.#failure) throw this.#failure
    }
    if (this.#failure) throw this.#failure
  }

  // Layers and the end

  /** From now on a read that would wait throws `stopping`; writing goes on, for the good-bye. */
  interrupt(): void {
    this.#interruption = new ConnectionError('stopping', 'the server stops')
    this.#wakeReader()
  }

  /**
   * Put a layer (TLS, deflate) between this and what is below; resolves when it is ready. What is queued is sent first.
   * What was read before is thrown away, so that plaintext injected before a handshake is never obeyed after it.
   * Throws ConnectionError; the connection is then of no further use.
   */
  async addLayer<Layer extends Duplex>(make: (below: Duplex) => Promise<Layer>): Promise<Layer> {
    await this.flushed()
    const below = this.#stream
    below.pause()
    this.#queue.clear()
    this.#detach()
    below.on('error', ignore)
    this.#disarm()
    const handshake = this.timeout > 0 ? setTimeout(() => below.destroy(), this.timeout) : undefined
    const broken = new Promise<never>((_resolve, reject) => {
      const gone = (): void => reject(new ConnectionError('closed', 'connection closed during the handshake'))
      below.once('close', gone).once('end', gone)
    })
    broken.catch(ignore)
    try {
      const layer = await Promise.race([make(below), broken])
      this.#stream = layer
      this.#attach(layer)
      return layer
    } catch (error) {
      below.destroy()
      this.#fail(
        error instanceof ConnectionError ? error : new ConnectionError('tls', messageOf(error), { cause: error }),
      )
      throw this.#failure
    } finally {
      clearTimeout(handshake)
    }
  }

  /**
   * Say no more; resolves when it is closed. What was written is sent first, and the peer may close its side (closing
   * with input unread would make the kernel throw away our last words): each for at most `grace` milliseconds.
   */
  async close(grace = 2000): Promise<void> {
    this.flush()
    this.#closing = true
    this.#queue.clear()
    const stream = this.#stream
    if (!stream.destroyed) {
      await within(grace, (done) => {
        stream.once('close', done)
        stream.end(done)
      })
      stream.resume()
      if (!this.#ended) await within(grace, (done) => stream.once('close', done).once('end', done))
    }
    this.destroy()
  }

  /** Drop it now; what is queued is lost. */
  destroy(): void {
    this.#fail(closedHere)
    this.#stream.destroy()
  }

  #attach(stream: Duplex): void {
    stream.allowHalfOpen = true // a client that sends its commands and then FIN still gets its answers
    const data = (chunk: Buffer): void => this.#arrived(chunk)
    const end = (): void => {
      this.#ended = true
      this.#wakeReader()
    }
    const error = (cause: Error): void => this.#fail(new ConnectionError('closed', messageOf(cause), { cause }))
    const close = (): void => {
      this.#ended = true
      this.#disarm()
      if (stream.writableLength > 0) this.#fail(new ConnectionError('closed', 'connection closed by the peer'))
      this.#wakeReader()
      this.#wakeWriter()
    }
    stream.on('data', data).on('end', end).on('error', error).on('close', close)
    this.#detach = () => {
      stream.off('data', data).off('end', end).off('error', error).off('close', close)
    }
  }

  #arrived(chunk: Buffer): void {
    if (this.#closing) return
    this.#bytesIn += chunk.length
    this.tap?.input(chunk)
    this.#queue.push(chunk)
    this.#timer?.refresh()
    if (this.#queue.length >= INPUT_HIGH_WATER) this.#stream.pause()
    this.#wakeReader()
  }

  /** Wait for more input than there is. False at its end. */
  async #more(): Promise<boolean> {
    const interruption = this.#interruption
    if (interruption) {
      if (interruption.kind === 'timeout') this.#interruption = undefined
      throw interruption
    }
    if (this.#ended) {
      if (this.#failure) throw this.#failure
      return false
    }
    if (this.#failure) throw this.#failure
    this.#arrival ??= settled()
    this.#arm()
    this.#stream.resume()
    await this.#arrival.promise
    return true
  }

  #resume(): void {
    if (this.#queue.length < INPUT_HIGH_WATER && this.#stream.isPaused()) this.#stream.resume()
  }

  #skip(): void {
    this.#skipped += this.#queue.length
    this.#queue.clear()
    this.#skipping = true
    if (this.#skipped > MAX_SKIPPED) {
      this.destroy()
      throw new ConnectionError('closed', `a line longer than ${MAX_SKIPPED} octets`)
    }
  }

  #waitForOutput(): Promise<void> {
    if (this.#failure || this.#stream.destroyed) {
      this.#failure ??= new ConnectionError('closed', 'connection closed by the peer')
      return Promise.reject(this.#failure)
    }
    this.#drain ??= settled()
    return this.#drain.promise
  }

  #sent = (): void => {
    this.#timer?.refresh()
    this.#wakeWriter()
  }

  #wakeReader(): void {
    const arrival = this.#arrival
    this.#arrival = undefined
    arrival?.resolve()
  }

  #wakeWriter(): void {
    const drain = this.#drain
    this.#drain = undefined
    drain?.resolve()
  }

  #arm(): void {
    if (this.#timer && this.#timerSpan === this.timeout) {
      this.#timer.refresh()
      return
    }
    this.#disarm()
    if (this.timeout <= 0) return
    this.#timerSpan = this.timeout
    this.#timer = setTimeout(() => this.#expired(), this.timeout)
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #expired(): void {
    this.#disarm()
    if (this.#stream.writableLength > 0) {
      this.#fail(new ConnectionError('timeout', 'the peer does not read'))
      this.#stream.destroy()
    } else if (this.#arrival) {
      this.#interruption ??= new ConnectionError('timeout', 'nothing arrived in time')
      this.#wakeReader()
    }
  }

  #fail(error: ConnectionError): void {
    this.#failure ??= error
    this.#disarm()
    if (this.#flushing) clearImmediate(this.#flushing)
    this.#flushing = undefined
    this.#out = []
    this.#outLength = 0
    this.#wakeReader()
    this.#wakeWriter()
  }
}
