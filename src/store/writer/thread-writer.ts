/** Runs changes in a thread of their own, so that nothing a session does delays a commit: for services. */
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Change } from '../change/change.js'
import type { StoreConfig } from '../config.js'
import type { Answer } from '../engine.js'
import { type FromSettler, type FromWriter, type ThreadStart, type ToWriter, transferable } from './messages.js'
import type { Told, Writer } from './writer.js'

export interface ThreadWriterOptions {
  readonly config: StoreConfig
  readonly told: (told: Told) => void
  readonly report: (line: string) => void
  /** A thread died: nothing more can be written by this process, which should end. */
  readonly failed: (error: Error) => void
}

export class ThreadWriter implements Writer {
  readonly #options: ThreadWriterOptions
  readonly #answers = new Map<number, (answer: Answer) => void>()
  #number = 0
  #threads: { writer: Worker; settler: Worker } | undefined
  #broken: Error | undefined
  #closed: Promise<void> | undefined

  constructor(options: ThreadWriterOptions) {
    this.#options = options
  }

  submit(change: Change): Promise<Answer> {
    if (this.#broken) return Promise.resolve({ kind: 'refused', error: 'unavailable', message: this.#broken.message })
    if (this.#closed)
      return Promise.resolve({ kind: 'refused', error: 'unavailable', message: 'The server is stopping' })
    this.#threads ??= this.#start()
    const number = ++this.#number
    const message: ToWriter = { kind: 'change', number, change }
    const { writer } = this.#threads
    return new Promise((resolve) => {
      this.#answers.set(number, resolve)
      writer.postMessage(message, transferable(change))
    })
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop()
    return this.#closed
  }

  /** The threads begin with the first change: a process that only reads has none. */
  #start(): { writer: Worker; settler: Worker } {
    const { port1, port2 } = new MessageChannel()
    const { step: _, ...config } = this.#options.config
    const begin = (file: string, port: typeof port1): Worker => {
      const workerData: ThreadStart = { config, port }
      const worker = new Worker(new URL(file, import.meta.url), { workerData, transferList: [port] })
      worker.on('error', (error) => this.#fail(error))
      return worker
    }
    const writer = begin('./writer-thread.js', port1)
    const settler = begin('./settler-thread.js', port2)
    writer.on('message', (message: FromWriter) => this.#hear(message))
    settler.on('message', (message: FromSettler) => {
      if (message.kind === 'report') this.#options.report(message.line)
    })
    return { writer, settler }
  }

  #hear(message: FromWriter): void {
    if (message.kind !== 'answers') return
    for (const [number, answer] of message.answers) {
      this.#answers.get(number)?.(answer)
      this.#answers.delete(number)
    }
    this.#options.told(message.told)
  }

  #fail(error: Error): void {
    this.#broken ??= error
    // Whether these committed is not known here: the sender tries again, and a delivery retried is stored once.
    for (const resolve of this.#answers.values())
      resolve({ kind: 'refused', error: 'unavailable', message: `The writer stopped: ${error.message}` })
    this.#answers.clear()
    this.#options.failed(error)
  }

  async #stop(): Promise<void> {
    if (!this.#threads || this.#broken) return
    const { writer, settler } = this.#threads
    const ended = Promise.all([writer, settler].map((worker) => new Promise((resolve) => worker.once('exit', resolve))))
    writer.postMessage({ kind: 'close' } satisfies ToWriter)
    await ended
  }
}
