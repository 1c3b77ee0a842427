/** A bare IMAP client for benchmarks: it looks for the tagged line at the end of what comes and counts the bytes. */
import { connect, type Socket } from 'node:net'

export interface Timed {
  seconds: number
  bytes: number
  /** The last bytes that came, the tagged line among them. */
  tail: string
}

const tailSize = 2_048

export class LoadClient {
  readonly socket: Socket
  private number = 0
  private tag = '*'
  private bytes = 0
  private tail = ''
  private waiting: { resolve: () => void; reject: (error: Error) => void } | undefined
  private watch: { text: string; resolve: () => void } | undefined

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (piece: Buffer) => this.take(piece))
    socket.on('error', (error) => this.waiting?.reject(error))
    socket.on('close', () => this.waiting?.reject(new Error('the IMAP server closed the connection')))
  }

  static async connect(port: number): Promise<LoadClient> {
    const client = new LoadClient(connect({ port, host: '127.0.0.1', noDelay: true }))
    await client.answer('*')
    return client
  }

  static async login(port: number, user: string, password: string): Promise<LoadClient> {
    const client = await LoadClient.connect(port)
    await client.ok(`LOGIN ${user} ${password}`)
    return client
  }

  /** One command to its tagged OK; anything else throws. `literal` is sent at once after the line ({n+}). */
  async ok(line: string, literal?: Buffer): Promise<Timed> {
    const tag = `x${++this.number}`
    this.bytes = 0
    this.tail = ''
    const began = performance.now()
    this.socket.cork()
    this.socket.write(`${tag} ${line}\r\n`)
    if (literal) {
      this.socket.write(literal)
      this.socket.write('\r\n')
    }
    this.socket.uncork()
    await this.answer(`${tag} `)
    const seconds = (performance.now() - began) / 1000
    const last = this.tail.slice(this.tail.lastIndexOf(`${tag} `))
    if (!last.startsWith(`${tag} OK`)) throw new Error(`${line} was answered ${last}`)
    return { seconds, bytes: this.bytes, tail: this.tail }
  }

  /** Starts IDLE and waits for the continuation. */
  async idle(): Promise<void> {
    this.socket.write(`x${++this.number} IDLE\r\n`)
    this.tail = ''
    await this.answer('+ ')
  }

  /** Resolves when this text comes (a piece of an untagged response). */
  sees(text: string): Promise<void> {
    this.tail = ''
    return new Promise((resolve) => {
      this.watch = { text, resolve }
    })
  }

  close(): void {
    this.socket.destroy()
  }

  private answer(tag: string): Promise<void> {
    this.tag = tag
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  private take(piece: Buffer): void {
    this.bytes += piece.length
    this.tail = (this.tail + piece.toString('latin1', Math.max(0, piece.length - tailSize))).slice(-tailSize)
    if (this.watch && this.tail.includes(this.watch.text)) {
      this.watch.resolve()
      this.watch = undefined
    }
    if (!this.waiting || piece[piece.length - 1] !== 10) return
    const lastLine = this.tail.lastIndexOf('\r\n', this.tail.length - 3)
    if (!this.tail.startsWith(this.tag, lastLine < 0 ? 0 : lastLine + 2)) return
    const { resolve } = this.waiting
    this.waiting = undefined
    resolve()
  }
}
