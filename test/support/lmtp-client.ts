/** A small LMTP client for checks: one session over a UNIX socket or TCP, every reply kept as it came. */
import { connect, type Socket } from 'node:net'

export type LmtpAddress = { path: string } | { port: number; host: string }

export class LmtpClient {
  private readonly socket: Socket
  private pending = ''
  private replies: string[] = []
  private waiting: { resolve: (reply: string) => void; reject: (error: Error) => void } | undefined
  private ended: Error | undefined

  constructor(address: LmtpAddress) {
    this.socket = connect(address)
    this.socket.on('data', (piece: Buffer) => this.take(piece.toString('latin1')))
    this.socket.on('error', (error) => this.end(error))
    this.socket.on('close', () => this.end(new Error('the LMTP server closed the connection')))
  }

  /** A session after LHLO. */
  static async open(address: LmtpAddress): Promise<LmtpClient> {
    const client = new LmtpClient(address)
    await client.reply()
    await client.command('LHLO check.example.test')
    return client
  }

  /** The next whole reply (all its lines), without the last CR LF. */
  reply(): Promise<string> {
    const ready = this.replies.shift()
    if (ready !== undefined) return Promise.resolve(ready)
    if (this.ended) return Promise.reject(this.ended)
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  command(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`)
    return this.reply()
  }

  /** One message to some recipients: the reply of each, of RCPT where that refused it, else that after the data. */
  async deliver(from: string, to: readonly string[], message: string): Promise<string[]> {
    const mail = await this.command(`MAIL FROM:<${from}>`)
    if (!mail.startsWith('250')) return to.map(() => mail)
    const answers: string[] = []
    for (const recipient of to) answers.push(await this.command(`RCPT TO:<${recipient}>`))
    const accepted = answers.flatMap((answer, index) => (answer.startsWith('25') ? [index] : []))
    if (accepted.length === 0) {
      await this.command('RSET')
      return answers
    }
    const go = await this.command('DATA')
    if (!go.startsWith('354')) return answers.map((answer, index) => (accepted.includes(index) ? go : answer))
    const lines = message.endsWith('\r\n') ? message : `${message}\r\n`
    this.socket.write(`${lines.replace(/^\./gm, '..')}.\r\n`, 'latin1')
    for (const index of accepted) answers[index] = await this.reply()
    return answers
  }

  close(): void {
    this.socket.destroy()
  }

  private end(error: Error): void {
    this.ended ??= error
    this.waiting?.reject(this.ended)
    this.waiting = undefined
  }

  private take(text: string): void {
    this.pending += text
    for (;;) {
      const whole = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(this.pending)
      if (!whole) return
      this.pending = this.pending.slice(whole[0].length)
      const reply = whole[0].slice(0, -2)
      const waiting = this.waiting
      this.waiting = undefined
      if (waiting) waiting.resolve(reply)
      else this.replies.push(reply)
    }
  }
}
