/** The client's side of a transcript: bytes out, lines in. */
import type { Duplex } from 'node:stream'

/** Milliseconds after which a line that does not come is a failure. */
const PATIENCE = 5000

export class LineClient {
  readonly #stream: Duplex
  #text = ''
  #ended = false
  #wake: (() => void) | undefined

  constructor(stream: Duplex) {
    this.#stream = stream
    stream.on('data', (bytes: Buffer) => {
      this.#text += bytes.toString('latin1')
      this.#wake?.()
    })
    const end = (): void => {
      this.#ended = true
      this.#wake?.()
    }
    stream.on('end', end).on('close', end).on('error', end)
  }

  /** Text as UTF-8; `\xNN` stands for one octet. */
  send(text: string): void {
    const pieces = text.split(/(\\x[0-9a-f]{2})/).map((piece) => {
      const octet = /^\\x([0-9a-f]{2})$/.exec(piece)?.[1]
      return octet === undefined ? Buffer.from(piece) : Buffer.from(octet, 'hex')
    })
    this.#stream.write(Buffer.concat([...pieces, Buffer.from('\r\n')]))
  }

  sendBytes(bytes: Buffer): void {
    this.#stream.write(bytes)
  }

  /** The next line without its CRLF; undefined at the end of the connection. @throws Error when none comes */
  async line(): Promise<string | undefined> {
    const deadline = Date.now() + PATIENCE
    for (;;) {
      const at = this.#text.indexOf('\r\n')
      if (at >= 0) {
        const line = this.#text.slice(0, at)
        this.#text = this.#text.slice(at + 2)
        return line
      }
      if (this.#ended) return undefined
      await this.#more(deadline)
    }
  }

  /** Sends a command and gives back all lines up to the tagged one, which is the last. */
  async command(tag: string, text: string): Promise<string[]> {
    this.send(`${tag} ${text}`)
    const lines: string[] = []
    for (;;) {
      const line = await this.line()
      if (line === undefined) throw new Error(`connection closed during ${text}`)
      lines.push(line)
      if (line.startsWith(`${tag} `)) return lines
    }
  }

  close(): void {
    this.#stream.destroy()
  }

  async #more(deadline: number): Promise<void> {
    const left = deadline - Date.now()
    if (left <= 0) throw new Error(`no line came; pending: ${JSON.stringify(this.#text.slice(0, 200))}`)
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, left)
    })
    clearTimeout(timer)
    this.#wake = undefined
  }
}
