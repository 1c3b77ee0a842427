/** Where log lines go: a file descriptor or a pipe, each with a bounded queue, so that a log never blocks its writer. */
import { spawn } from 'node:child_process'
import { existsSync, fstatSync, openSync, write, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'

export interface LineWriter {
  /** Takes one line without its end. Never throws, never waits. */
  readonly write: (line: string) => void
  /** How many lines were lost since the last call. */
  readonly takeLost: () => number
}

/** Bytes that may wait to be written. */
const mostWaiting = 1024 * 1024

/** Regular files and terminals take what they are given; pipes and sockets may not, and are written by the pool. */
export function fdWriter(fd: number): LineWriter {
  let [waiting, size, busy, lost] = [[] as string[], 0, false, 0]
  const direct = isDirect(fd)
  const flush = (): void => {
    if (busy || waiting.length === 0) return
    const bytes = Buffer.from(`${waiting.join('\n')}\n`)
    busy = true
    waiting = []
    size = 0
    writeAll(fd, bytes, () => {
      busy = false
      flush()
    })
  }
  const last = (): void => {
    if (!busy && waiting.length > 0) tryWrite(fd, `${waiting.join('\n')}\n`)
  }
  if (!direct) process.on('exit', last)
  return {
    write: (line) => {
      if (direct) {
        if (!tryWrite(fd, `${line}\n`)) lost++
      } else if (size > mostWaiting) lost++
      else {
        waiting.push(line)
        size += line.length + 1
        if (waiting.length === 1) setImmediate(flush)
      }
    },
    takeLost: () => {
      const count = lost
      lost = 0
      return count
    },
  }
}

function isDirect(fd: number): boolean {
  try {
    const status = fstatSync(fd)
    return !status.isFIFO() && !status.isSocket()
  } catch {
    return true
  }
}

function tryWrite(fd: number, text: string): boolean {
  try {
    writeSync(fd, text)
    return true
  } catch {
    return false
  }
}

function writeAll(fd: number, bytes: Buffer, done: () => void): void {
  write(fd, bytes, (error, written) => {
    if (error && (error as NodeJS.ErrnoException).code === 'EAGAIN') setTimeout(writeAll, 20, fd, bytes, done)
    else if (error || written >= bytes.length) done()
    else writeAll(fd, bytes.subarray(written), done)
  })
}

/** Appends to a file; a file that cannot be opened loses its lines. */
export function fileWriter(path: string): LineWriter {
  try {
    return fdWriter(openSync(path, 'a', 0o640))
  } catch {
    return nowhere
  }
}

export const nowhere: LineWriter = { write: () => undefined, takeLost: () => 0 }

/** Milliseconds before another logger process is tried. */
const retry = 10_000

/**
 * syslog through one `logger` process (Node has no UNIX datagrams), started with the first line. Each line begins with
 * `<priority>`. Where there is no /dev/log, lines are lost, as with syslog(3).
 */
export function syslogWriter(ident: string, { program = 'logger', device = '/dev/log' } = {}): LineWriter {
  let pipe: Writable | undefined
  let [nextTry, lost] = [0, 0]
  const start = (): Writable | undefined => {
    if (Date.now() < nextTry || !existsSync(device)) return undefined
    nextTry = Date.now() + retry
    const args = ['--prio-prefix', `--id=${process.pid}`, '--tag', ident, '--size', '8192', '--socket', device]
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] })
    child.on('error', () => undefined)
    child.on('exit', () => {
      pipe = undefined
    })
    child.stdin.on('error', () => undefined)
    child.unref()
    const handle: unknown = child.stdin
    if (hasUnref(handle)) handle.unref()
    return child.stdin
  }
  return {
    write: (line) => {
      pipe ??= start()
      if (!pipe || pipe.destroyed || pipe.writableLength > mostWaiting) lost++
      else pipe.write(`${line}\n`)
    },
    takeLost: () => {
      const count = existsSync(device) ? lost : 0
      lost = 0
      return count
    },
  }
}

const hasUnref = (handle: unknown): handle is { unref: () => void } =>
  typeof handle === 'object' && handle !== null && 'unref' in handle && typeof handle.unref === 'function'
