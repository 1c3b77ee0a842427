// One connection to an IMAP server: sends commands one after the other, and collects what comes back.
import type { Connection } from '../../net/connection.js'
import { Bad } from '../../syntax/imap/bad.js'
import { Framer } from '../../syntax/imap/framing.js'
import { Reader } from '../../syntax/imap/reader.js'
import { type Code, type Response, readResponse } from '../../syntax/imap/response.js'
import { wireOf } from '../../syntax/imap/response-data.js'
import { ImapLost, ImapRefused } from './errors.js'

/** A piece of a command: text that stands as it is (one character an octet), or bytes that travel as a literal. */
export type Piece = string | Buffer

export type DataResponse = Extract<Response, { kind: 'data' }>
export type StatusResponse = Extract<Response, { kind: 'status' }>

/** A command that ended with OK. */
export interface Completed {
  readonly data: readonly DataResponse[]
  /** Untagged OK, NO and BAD. */
  readonly notices: readonly StatusResponse[]
  readonly code: Code | undefined
  readonly text: string
}

/** What may be answered while a command runs. */
export interface Hooks {
  /** The server waits ("+"): what to send, without CRLF; undefined: nothing more (the command's end comes). */
  readonly answer?: (text: string) => Promise<Buffer | undefined> | Buffer | undefined
  /** Each untagged response as it comes; they are then not collected. */
  readonly hear?: (response: DataResponse | StatusResponse) => void
}

/** Octets of one response: a FETCH of a large message must fit, a server gone mad must not fill memory. */
const LIMITS = { line: 16 << 20, command: 256 << 20 }
const CRLF = '\r\n'

export class ImapClient {
  readonly connection: Connection
  /** Gets what the server wants people to see. RFC 9051 §7.1 */
  onAlert: ((text: string) => void) | undefined
  /** What the server greeted with. */
  readonly greeting: StatusResponse
  #framer: Framer
  #capabilities: ReadonlySet<string> | undefined
  #tags = 0
  #turn: Promise<unknown> = Promise.resolve()
  #bye: string | undefined

  private constructor(connection: Connection, framer: Framer, greeting: StatusResponse) {
    this.connection = connection
    this.greeting = greeting
    this.#framer = framer
    this.#learn(greeting.code)
  }

  /** Reads the greeting. Throws ImapLost, also when the server greets with BYE. RFC 9051 §7.1.5 */
  static async greet(connection: Connection): Promise<ImapClient> {
    const framer = new Framer(LIMITS)
    const first = await nextResponse(connection, framer)
    if (first.kind !== 'status' || first.tag !== undefined) throw new ImapLost('this is no IMAP server')
    if (first.status === 'BYE') throw new ImapLost(first.text)
    return new ImapClient(connection, framer, first)
  }

  /** Upper case. Asked of the server once, and again after sign-in and STARTTLS. */
  async capabilities(): Promise<ReadonlySet<string>> {
    if (!this.#capabilities) await this.run(['CAPABILITY'])
    return this.#capabilities ?? new Set()
  }

  /** What was known of the server counts no more: after STARTTLS. Bytes that came before are thrown away. RFC 9051 §6.2.1 */
  startOver(): void {
    this.#capabilities = undefined
    this.#framer = new Framer(LIMITS)
  }

  /** Sends a command, waits for its end. Throws ImapRefused, ImapLost. Commands queue behind each other. */
  run(pieces: readonly Piece[], hooks: Hooks = {}): Promise<Completed> {
    const result = this.#turn.then(() => this.#run(pieces, hooks))
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** Hangs up without a word; LOGOUT is in session.ts. */
  async close(): Promise<void> {
    await this.connection.close(100)
  }

  async #run(pieces: readonly Piece[], hooks: Hooks): Promise<Completed> {
    if (this.#bye !== undefined) throw new ImapLost(this.#bye)
    const tag = `a${++this.#tags}`
    const collected: Completed = { data: [], notices: [], code: undefined, text: '' }
    const early = await this.#send(tag, pieces, collected, hooks)
    const end = early ?? (await this.#end(tag, collected, hooks))
    this.#alert(end)
    if (end.status === 'NO' || end.status === 'BAD') throw new ImapRefused({ ...end, status: end.status })
    this.#learn(end.code)
    return { ...collected, code: end.code, text: end.text }
  }

  /** Undefined when the command is sent; its end if the server refused it at a literal. */
  async #send(
    tag: string,
    pieces: readonly Piece[],
    into: Completed,
    hooks: Hooks,
  ): Promise<StatusResponse | undefined> {
    let line = `${tag} `
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        line += piece
        continue
      }
      const waits = !this.#capabilities?.has('LITERAL+')
      this.#write(`${line}{${piece.length}${waits ? '' : '+'}}${CRLF}`)
      line = ''
      if (waits) {
        const answer = await this.#untilAsked(tag, into, hooks)
        if (answer) return answer
      }
      this.connection.write(piece)
    }
    this.#write(line + CRLF)
    return undefined
  }

  #write(wire: string): void {
    this.connection.write(Buffer.from(wire, 'latin1'))
  }

  async #untilAsked(tag: string, into: Completed, hooks: Hooks): Promise<StatusResponse | undefined> {
    for (;;) {
      const response = await this.#next()
      if (response.kind === 'continue') return undefined
      if (response.kind === 'status' && response.tag === tag) return response
      this.#take(response, into, hooks)
    }
  }

  async #end(tag: string, into: Completed, hooks: Hooks): Promise<StatusResponse> {
    for (;;) {
      const response = await this.#next()
      if (response.kind === 'status' && response.tag === tag) return response
      if (response.kind === 'continue') {
        const answer = await hooks.answer?.(response.text)
        if (answer) this.connection.write(Buffer.concat([answer, Buffer.from(CRLF)]))
      } else this.#take(response, into, hooks)
    }
  }

  #take(response: DataResponse | StatusResponse, into: Completed, hooks: Hooks): void {
    if (response.kind === 'status') {
      if (response.status === 'BYE') this.#bye = response.text
      this.#learn(response.code)
      this.#alert(response)
      if (hooks.hear) hooks.hear(response)
      else (into.notices as StatusResponse[]).push(response)
      return
    }
    if (response.name === 'CAPABILITY') this.#learn({ name: 'CAPABILITY', data: response.data })
    if (hooks.hear) hooks.hear(response)
    else (into.data as DataResponse[]).push(response)
  }

  #alert({ code, text }: StatusResponse): void {
    if (code?.name === 'ALERT') this.onAlert?.(text)
  }

  #learn(code: Code | undefined): void {
    if (code?.name === 'CAPABILITY')
      this.#capabilities = new Set(code.data.map((datum) => (wireOf(datum) ?? '').toUpperCase()))
  }

  async #next(): Promise<Response> {
    try {
      return await nextResponse(this.connection, this.#framer)
    } catch (error) {
      if (this.#bye !== undefined) throw new ImapLost(this.#bye, { cause: error })
      throw error
    }
  }
}

/** The next response. Throws ImapLost. */
async function nextResponse(connection: Connection, framer: Framer): Promise<Response> {
  for (;;) {
    const found = framer.next()
    if (found?.kind === 'command') return parsed(found.parts)
    if (found?.kind === 'literal' && framer.fits(found.size)) framer.accept()
    else if (found) throw new ImapLost('the server sent more than a response may hold')
    else framer.push(await arrived(connection))
  }
}

async function arrived(connection: Connection): Promise<Buffer> {
  try {
    const bytes = await connection.read()
    if (bytes) return bytes
  } catch (error) {
    throw new ImapLost(error instanceof Error ? error.message : String(error), { cause: error })
  }
  throw new ImapLost('the server closed the connection')
}

function parsed(parts: readonly Buffer[]): Response {
  try {
    return readResponse(new Reader(parts))
  } catch (error) {
    if (!(error instanceof Bad)) throw error
    throw new ImapLost(`the server sent what is not IMAP: ${error.message}`, { cause: error })
  }
}
