// Speaking LMTP, or SMTP, to a server: one envelope after the other, messages of any size. For tools, tests and the SMTP door.
import type { Connection } from '../../net/connection.js'
import { ConnectionError } from '../../net/errors.js'
import { Stuffer } from '../../syntax/lmtp/dot-stuffing.js'
import { type ReplyLine, readReplyLine } from '../../syntax/lmtp/reply.js'
import { type Address, dial } from '../dial.js'

/** What a server answered. */
export type ServerReply = {
  readonly code: number
  readonly enhanced: string | undefined
  /** All lines; the last one is the text that counts. */
  readonly lines: readonly string[]
}

/** Whether the server did what it was asked. */
export const accepted = ({ code }: ServerReply): boolean => code < 400

/** The reply in one line, `550 5.1.1 User unknown`. */
export const showReply = ({ code, enhanced, lines }: ServerReply): string =>
  [code, enhanced, lines.at(-1)].filter((part) => part !== undefined && part !== '').join(' ')

/** A command got an answer that leaves nothing to go on with. */
export class LmtpRefused extends Error {
  readonly reply: ServerReply

  constructor(reply: ServerReply) {
    super(showReply(reply))
    this.name = 'LmtpRefused'
    this.reply = reply
  }
}

export type LmtpOptions = {
  readonly address: Address
  /** The name to greet with. */
  readonly name: string
  /** Milliseconds for connecting and for each answer. */
  readonly timeout: number
  /** SMTP answers once after a message, LMTP for each recipient. */
  readonly protocol?: 'LMTP' | 'SMTP'
}

const maxReplyLine = 4096
const maxReplyLines = 200

/** Message bytes, in any slices. */
export type MessageBytes = AsyncIterable<Buffer> | Iterable<Buffer>

export class LmtpClient {
  readonly #connection: Connection
  readonly #protocol: 'LMTP' | 'SMTP'
  #recipients = 0

  private constructor(connection: Connection, protocol: 'LMTP' | 'SMTP') {
    this.#connection = connection
    this.#protocol = protocol
  }

  /** Connects and says LHLO (or EHLO). @throws ConnectionError, LmtpRefused */
  static async open({ address, name, timeout, protocol = 'LMTP' }: LmtpOptions): Promise<LmtpClient> {
    const client = new LmtpClient(await dial(address, timeout), protocol)
    try {
      client.#must(await client.#answer())
      client.#must(await client.#ask(`${protocol === 'LMTP' ? 'LHLO' : 'EHLO'} ${name}`))
    } catch (error) {
      client.#connection.destroy()
      throw error
    }
    return client
  }

  /** `parameters` as they stand after the path, `SIZE=100 AUTH=<>`. */
  async mail(returnPath: string, parameters = ''): Promise<ServerReply> {
    this.#recipients = 0
    return this.#ask(`MAIL FROM:<${returnPath}>${parameters === '' ? '' : ` ${parameters}`}`)
  }

  async rcpt(recipient: string, parameters = ''): Promise<ServerReply> {
    const reply = await this.#ask(`RCPT TO:<${recipient}>${parameters === '' ? '' : ` ${parameters}`}`)
    if (accepted(reply)) this.#recipients++
    return reply
  }

  /** The message: one reply for each accepted recipient with LMTP, one with SMTP. @throws LmtpRefused, ConnectionError */
  async data(message: MessageBytes): Promise<ServerReply[]> {
    const begun = await this.#ask('DATA')
    if (begun.code !== 354) throw new LmtpRefused(begun)
    const stuffer = new Stuffer()
    for await (const chunk of message) {
      for (const piece of stuffer.push(chunk)) this.#connection.write(piece)
      if (this.#connection.congested) await this.#connection.drained()
    }
    this.#connection.write(stuffer.end())
    const replies: ServerReply[] = []
    const expected = this.#protocol === 'SMTP' ? 1 : this.#recipients
    while (replies.length < expected) replies.push(await this.#answer())
    return replies
  }

  async rset(): Promise<ServerReply> {
    return this.#ask('RSET')
  }

  /** Says good-bye and closes. Never throws. */
  async quit(): Promise<void> {
    try {
      await this.#ask('QUIT')
    } catch {
      // The other side has gone already.
    }
    await this.#connection.close()
  }

  destroy(): void {
    this.#connection.destroy()
  }

  async #ask(line: string): Promise<ServerReply> {
    if (/[\r\n]/.test(line)) throw new ConnectionError('closed', 'a command cannot hold a line end')
    this.#connection.write(`${line}\r\n`)
    return this.#answer()
  }

  async #answer(): Promise<ServerReply> {
    this.#connection.flush()
    const lines: ReplyLine[] = []
    for (;;) {
      const line = await this.#connection.readLine(maxReplyLine)
      if (line === undefined) throw new ConnectionError('closed', 'the server closed the connection')
      const read = readReplyLine(line.toString('utf8'))
      if (read === undefined || lines.length >= maxReplyLines)
        throw new ConnectionError('closed', `this is no ${this.#protocol} server`)
      lines.push(read)
      if (read.last) return { code: read.code, enhanced: read.enhanced, lines: lines.map(({ text }) => text) }
    }
  }

  #must(reply: ServerReply): void {
    if (!accepted(reply)) throw new LmtpRefused(reply)
  }
}
