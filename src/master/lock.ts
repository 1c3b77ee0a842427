/** One master for one configuration: a socket in the abstract name space, which dies with its process, and the pid file. */
import { createHash } from 'node:crypto'
import {
  chownSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname } from 'node:path'
import type { Account } from '../config/identity.js'

export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
}

/** Held as long as the process lives. Other systems than Linux have only the pid file. @throws AlreadyRunning */
export function lockDirectory(directory: string): Promise<Server | undefined> {
  if (process.platform !== 'linux') return Promise.resolve(undefined)
  const name = createHash('sha256').update(realpathSync(directory)).digest('hex').slice(0, 32)
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', () => reject(new AlreadyRunning(`another master already uses ${directory}; stop it first`)))
    server.listen(`\0angarium-master-${name}`, () => {
      server.unref()
      resolve(server)
    })
  })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** A master of ours, or of Cyrus; Postfix has one, too. */
const isMaster = (commandLine: string): boolean =>
  /master\/main\.js\0|cyrus\/bin\/master\0|cyrmaster\0/.test(commandLine)

/** The process that the file names, if it still runs and is a master: its number may have gone to another program. */
export function runningFrom(text: string): number | undefined {
  const [first = ''] = text.split('\n')
  if (!/^\d{1,10}$/.test(first) || Number(first) === process.pid) return undefined
  return isMaster(read(`/proc/${first}/cmdline`)) ? Number(first) : undefined
}

/** Whether the file is left from a master that did not end well: its workers may need a moment to notice. */
export const isStale = (path: string): boolean => /^\d+\n/.test(read(path)) && runningFrom(read(path)) === undefined

export interface PidFile {
  /** The process of the file is gone: removes it, or empties it where removing is not allowed. */
  readonly remove: () => void
}

/** The pid in digits and nothing else: `kill $(cat FILE)` is what people type. @throws AlreadyRunning, or the error of the system */
export function writePidFile(path: string, account: Account | undefined): PidFile {
  const other = runningFrom(read(path))
  if (other !== undefined) throw new AlreadyRunning(`${path}: another master runs as process ${other}; stop it first`)
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, `${process.pid}\n`, { mode: 0o644 })
  if (account) chownSync(temporary, account.uid, account.gid)
  renameSync(temporary, path)
  return {
    remove: () => {
      if (!read(path).startsWith(`${process.pid}\n`)) return
      try {
        unlinkSync(path)
      } catch {
        try {
          truncateSync(path)
        } catch {
          // Its process is gone, which makes it invalid all the same.
        }
      }
    },
  }
}
