// Commands from a file or a pipe: nobody is asked anything, and errors say in which line.
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { CyradmShell } from './shell.js'
import type { Terminal } from './terminal.js'

export class Script implements Terminal {
  readonly interactive = false
  readonly #input: Interface
  readonly #lines: AsyncIterator<string>
  readonly #name: string
  #number = 0

  /** `name`: how errors call it. */
  constructor(input: Readable, name: string) {
    this.#input = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
    this.#lines = this.#input[Symbol.asyncIterator]()
    this.#name = name
  }

  write(text: string): void {
    process.stdout.write(text)
  }

  writeError(text: string): void {
    process.stderr.write(text)
  }

  /** Where the command line gave none, the next line is the password, as Cyrus's shell reads it. */
  password(): Promise<string | undefined> {
    return this.#next()
  }

  async confirm(): Promise<boolean> {
    return true
  }

  /** Runs the lines until the end or `exit`; a command that fails does not stop those that follow. */
  async run(shell: CyradmShell): Promise<void> {
    for (let line = await this.#next(); line !== undefined; line = await this.#next()) {
      shell.location = `${this.#name} line ${this.#number}`
      await shell.execute(line)
      if (shell.leaving) break
    }
    shell.location = undefined
  }

  /** Nothing more is read: whoever writes into the pipe cannot keep the program from ending. */
  close(): void {
    this.#input.close()
  }

  async #next(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next()
    this.#number++
    return done ? undefined : value
  }
}
