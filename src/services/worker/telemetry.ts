/** The protocol trace of a user: written while `configdirectory/log/USER` exists, from sign-in on, so without passwords. */
import { createWriteStream, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Tap } from '../../net/connection.js'

export interface TelemetrySettings {
  /** configdirectory/log */
  readonly directory: string
  readonly user: string
  /** The file's name: the process id and the number of the session, or the session id. */
  readonly name: string
  readonly timestamps: boolean
}

export interface Telemetry extends Tap {
  close(): void
}

/** Longer pieces are message bodies: their first line and their size are written. */
const LONGEST_PIECE = 1024
/** Octets that may wait for the disk; beyond it the trace has gaps, the session does not wait. */
const MOST_WAITING = 1024 * 1024

/** Undefined unless the user's directory exists. */
export function openTelemetry({ directory, user, name, timestamps }: TelemetrySettings): Telemetry | undefined {
  const home = join(directory, user)
  if (!statSync(home, { throwIfNoEntry: false })?.isDirectory()) return undefined
  const file = createWriteStream(join(home, name), { flags: 'a', mode: 0o640 })
  file.on('error', () => undefined)
  file.write(`---------- ${user} ${new Date().toString()}\n\n`)
  const add = (arrow: '<' | '>', bytes: Buffer): void => {
    if (file.writableLength > MOST_WAITING) return
    const time = timestamps ? Date.now() / 1000 : Math.floor(Date.now() / 1000)
    file.write(Buffer.concat([Buffer.from(`${arrow}${time}${arrow}`), abbreviated(bytes)]))
  }
  return {
    input: (bytes) => add('<', bytes),
    output: (bytes) => add('>', bytes),
    close: () => file.end('\n'),
  }
}

function abbreviated(bytes: Buffer): Buffer {
  if (bytes.length <= LONGEST_PIECE) return bytes
  const lineEnd = bytes.indexOf(10)
  const head = bytes.subarray(0, lineEnd >= 0 && lineEnd < 200 ? lineEnd + 1 : 0)
  return Buffer.concat([head, Buffer.from(`[${bytes.length - head.length} octets]\n`)])
}
