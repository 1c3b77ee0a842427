/** A small strict IMAP client for checks: it shares no code with the server, so that it can judge it. */
import { connect, type Socket } from 'node:net'

export interface ImapAnswer {
  /** OK, NO or BAD. */
  status: string
  /** The tagged line after its tag. */
  text: string
  /** Every untagged response, literals in place, as latin1 text without the last CR LF. */
  untagged: string[]
}

interface Waiting {
  tag: string
  untagged: string[]
  literals: Buffer[]
  resolve: (answer: ImapAnswer) => void
  reject: (error: Error) => void
}

export class ImapClient {
  readonly socket: Socket
  /** The greeting line. */
  greeting = ''
  /** Untagged responses that came while no command was waiting, and during IDLE. */
  unasked: string[] = []
  private pending = Buffer.alloc(0)
  private waiting: Waiting | undefined
  private number = 0
  private ended: Error | undefined

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (piece: Buffer) => this.take(piece))
    socket.on('error', (error) => this.end(error))
    socket.on('close', () => this.end(new Error('the server closed the connection')))
  }

  static async connect(port: number): Promise<ImapClient> {
    const client = new ImapClient(connect({ port, host: '127.0.0.1', noDelay: true }))
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no greeting within 20 s')), 20_000)
      const look = setInterval(() => {
        const greeting = client.unasked.shift()
        if (greeting === undefined && client.ended === undefined) return
        clearTimeout(timer)
        clearInterval(look)
        client.greeting = greeting ?? ''
        if (greeting === undefined) reject(client.ended)
        else resolve()
      }, 5)
    })
    return client
  }

  static async login(port: number, user: string, password: string): Promise<ImapClient> {
    const client = await ImapClient.connect(port)
    await client.ok(`LOGIN ${user} "${password}"`)
    return client
  }

  /** Whether the connection is still there. */
  get alive(): boolean {
    return this.ended === undefined
  }

  /** One command, its synchronizing literals sent as the server asks for them. Rejects if the connection ends. */
  command(line: string, ...literals: Buffer[]): Promise<ImapAnswer> {
    if (this.ended) return Promise.reject(this.ended)
    const tag = `t${++this.number}`
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(new Error(`no answer to ${line} within 30 s`)), 30_000)
      this.waiting = {
        tag,
        untagged: [],
        literals,
        resolve: (answer) => {
          clearTimeout(timer)
          resolve(answer)
        },
        reject: (error) => {
          clearTimeout(timer)
          reject(error)
        },
      }
      this.socket.write(`${tag} ${line}\r\n`)
    })
  }

  /** One command that must be answered OK. */
  async ok(line: string, ...literals: Buffer[]): Promise<ImapAnswer> {
    const answer = await this.command(line, ...literals)
    if (answer.status !== 'OK') throw new Error(`${line} was answered ${answer.text}`)
    return answer
  }

  append(mailbox: string, message: Buffer, flags = ''): Promise<ImapAnswer> {
    return this.ok(`APPEND ${mailbox} ${flags}{${message.length}}`, message, Buffer.from('\r\n'))
  }

  /** Starts IDLE; the answer comes after idleDone. */
  idle(): Promise<ImapAnswer> {
    return this.command('IDLE')
  }

  idleDone(): void {
    this.socket.write('DONE\r\n')
  }

  async logout(): Promise<void> {
    await this.command('LOGOUT').catch(() => undefined)
    this.socket.destroy()
  }

  private end(error: Error): void {
    this.ended ??= error
    this.waiting?.reject(this.ended)
    this.waiting = undefined
    this.socket.destroy()
  }

  private take(piece: Buffer): void {
    this.pending = Buffer.concat([this.pending, piece])
    for (let size = this.responseSize(); size > 0; size = this.responseSize()) {
      const response = this.pending.subarray(0, size - 2).toString('latin1')
      this.pending = this.pending.subarray(size)
      this.response(response)
    }
  }

  /** The bytes of the first whole response in `pending`, literals and CR LF included; 0 if it is not all there. */
  private responseSize(): number {
    let at = 0
    for (;;) {
      const end = this.pending.indexOf('\r\n', at)
      if (end < 0) return 0
      const literal = /\{(\d+)\}$/.exec(this.pending.subarray(Math.max(at, end - 24), end).toString('latin1'))
      if (!literal) return end + 2
      at = end + 2 + Number(literal[1])
      if (at > this.pending.length) return 0
    }
  }

  private response(text: string): void {
    const waiting = this.waiting
    if (text.startsWith('+')) {
      for (const literal of waiting?.literals.splice(0) ?? []) this.socket.write(literal)
    } else if (waiting && text.startsWith(`${waiting.tag} `)) {
      this.waiting = undefined
      const rest = text.slice(waiting.tag.length + 1)
      waiting.resolve({ status: rest.split(' ')[0] ?? '', text: rest, untagged: waiting.untagged })
    } else {
      this.unasked.push(text)
      waiting?.untagged.push(text)
    }
  }
}

/** The value of the first literal in a response (the body in `* 1 FETCH (BODY[] {5}…`). */
export function literalOf(response: string): Buffer {
  const start = /\{(\d+)\}\r\n/.exec(response)
  if (!start) throw new Error(`no literal in ${response.slice(0, 100)}`)
  const from = start.index + start[0].length
  return Buffer.from(response.slice(from, from + Number(start[1])), 'latin1')
}
