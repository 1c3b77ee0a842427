/**
 * One process of a service that is not ours: the listening socket is its file descriptor 4, blocking; what it does it
 * tells on 3, in messages of eight octets: { int message; pid_t pid } in the byte order of the machine.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { endianness } from 'node:os'
import type { Readable } from 'node:stream'
import { logLines } from './job.js'

/** What a child says: idle, busy, has a client while busy, has another client and takes more. */
export type Said = 'available' | 'unavailable' | 'connection' | 'connectionMulti'

const saids: readonly (Said | undefined)[] = [undefined, 'available', 'unavailable', 'connection', 'connectionMulti']

/** Cuts the octets into messages, whatever slices they come in. */
export function messageReader(take: (said: Said) => void): (bytes: Buffer) => void {
  let open = Buffer.alloc(0)
  return (bytes) => {
    open = Buffer.concat([open, bytes])
    for (; open.length >= 8; open = open.subarray(8)) {
      const said = saids[endianness() === 'LE' ? open.readInt32LE(0) : open.readInt32BE(0)]
      if (said) take(said)
    }
  }
}

export interface ForeignChildSettings {
  readonly path: string
  readonly args: readonly string[]
  /** The listening socket. */
  readonly descriptor: number
  readonly environment: NodeJS.ProcessEnv
  readonly onSaid: (child: ForeignChild, said: Said) => void
  readonly onExit: (child: ForeignChild, ended: { status: number | undefined; signal: string | undefined }) => void
  readonly onLine: (line: string) => void
}

export class ForeignChild {
  /** Idle children wait for a client. */
  state: 'idle' | 'busy' | 'gone' = 'idle'
  /** Whether it has ever had a client. */
  served = false
  readonly #child: ChildProcess

  constructor(settings: ForeignChildSettings) {
    const { path, args, descriptor, environment } = settings
    // The shell moves the socket to 4; as descriptor 0 it was made blocking on the way.
    this.#child = spawn('/bin/sh', ['-c', 'exec "$@" 4<&0 0</dev/null', 'sh', path, ...args], {
      env: environment,
      stdio: [descriptor, 'pipe', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) if (stream) logLines(stream, settings.onLine)
    const status = this.#child.stdio[3] as Readable | null | undefined
    status
      ?.on(
        'data',
        messageReader((said) => settings.onSaid(this, said)),
      )
      .on('error', () => undefined)
    const gone = (code: number | undefined, signal: string | undefined) => {
      if (this.state === 'gone') return
      settings.onExit(this, { status: code, signal })
      this.state = 'gone'
    }
    this.#child.on('exit', (code, signal) => gone(code ?? undefined, signal ?? undefined))
    this.#child.on('error', () => (this.#child.pid === undefined ? gone(71, undefined) : undefined))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}
