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

/** When a process began, in clock ticks since the machine did; undefined when there is no such process. */
function startTime(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** The process that the file names, if it still runs: one of the same start time where that is noted. */
export function runningFrom(text: string): number | undefined {
  const [first = '', second] = text.split('\n')
  if (!/^\d{1,10}$/.test(first)) return undefined
  const now = startTime(Number(first))
  if (now === undefined || Number(first) === process.pid) return undefined
  if (second) return second === now ? Number(first) : undefined
  return /\bmaster\b/.test(read(`/proc/${first}/cmdline`)) ? Number(first) : undefined
}

/** Whether the file is left from a master that did not end well: its workers may need a moment to notice. */
export const isStale = (path: string): boolean => /^\d+\n/.test(read(path)) && runningFrom(read(path)) === undefined

export interface PidFile {
  /** The process of the file is gone: removes it, or empties it where removing is not allowed. */
  readonly remove: () => void
}

/** First line: the pid, digits only. Second: when the process began. @throws AlreadyRunning, or the error of the system */
export function writePidFile(path: string, account: Account | undefined): PidFile {
  const other = runningFrom(read(path))
  if (other !== undefined) throw new AlreadyRunning(`${path}: another master runs as process ${other}; stop it first`)
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, `${process.pid}\n${startTime(process.pid) ?? ''}\n`, { mode: 0o644 })
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
