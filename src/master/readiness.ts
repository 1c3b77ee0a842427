/** Master's side of the poller: started with the first listener of a foreign service, started again when it dies. */
import { type ChildProcess, fork } from 'node:child_process'
import type { Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Listener } from './listener.js'
import type { FromPoller, ToPoller } from './poller.js'

const program = fileURLToPath(new URL('poller.js', import.meta.url))

export class Readiness {
  #child: ChildProcess | undefined
  #up = false
  readonly #listeners = new Map<string, { listener: Listener; held: () => void }>()
  /** What is to be called, once, when a client waits at a listener. */
  readonly #watched = new Map<string, () => void>()
  #stopped = false

  /** Takes the listener away from master's own event loop, and says when that is done. */
  add(listener: Listener, held: () => void): void {
    this.#listeners.set(listener.id, { listener, held })
    if (!this.#child) this.#start()
    else if (this.#up) this.#hold(listener)
  }

  /** Calls `ready` once when a client waits. A second call before that replaces the first. */
  watch(listener: Listener, ready: () => void): void {
    const known = this.#watched.has(listener.id)
    this.#watched.set(listener.id, ready)
    if (!known && this.#up && listener.held) this.#send({ kind: 'watch', listener: listener.id }, listener.raw)
  }

  #start(): void {
    if (this.#stopped) return
    const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child = child
    child.on('message', (message, handle) => this.#hear(message as FromPoller, handle))
    child.on('exit', () => {
      this.#up = false
      setTimeout(() => this.#start(), 200)
    })
    child.on('error', () => undefined)
  }

  #send(message: ToPoller, handle: object | undefined): void {
    if (handle && this.#child?.connected) this.#child.send(message, handle as Server, undefined, () => undefined)
  }

  #hold(listener: Listener): void {
    if (listener.held) this.#again(listener)
    else this.#send({ kind: 'hold', listener: listener.id }, listener.raw)
  }

  #again(listener: Listener): void {
    if (this.#watched.has(listener.id)) this.#send({ kind: 'watch', listener: listener.id }, listener.raw)
  }

  #hear(message: FromPoller, handle: unknown): void {
    if (message.kind === 'up') {
      this.#up = true
      for (const { listener } of this.#listeners.values()) this.#hold(listener)
      return
    }
    const known = this.#listeners.get(message.listener)
    if (message.kind === 'held') {
      if (typeof handle !== 'object' || handle === null || !known) return
      known.listener.hold(handle)
      this.#again(known.listener)
      known.held()
    } else {
      const ready = this.#watched.get(message.listener)
      this.#watched.delete(message.listener)
      ready?.()
    }
  }

  stop(): void {
    this.#stopped = true
    this.#child?.kill('SIGKILL')
  }
}
