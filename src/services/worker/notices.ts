/** What administrators say to those who connect: msg/motd, and msg/shutdown, which closes the doors. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Milliseconds for which a file is believed unchanged. */
const FRESH = 1000
const LONGEST = 512

export type NoticeKind = 'motd' | 'shutdown'

export interface Notices {
  /** The message of the day: one line, undefined when there is none. */
  motd(): string | undefined
  /** While it exists nobody is served: why, in one line. */
  shutdown(): string | undefined
  /** Writes the file, or removes it: what administrators do with setinfo. Throws what the file system throws. */
  set(kind: NoticeKind, text: string | undefined): void
}

export function notices(configDirectory: string, now: () => number = Date.now): Notices {
  const path = (kind: NoticeKind): string => join(configDirectory, 'msg', kind)
  const motd = lineOf(path('motd'), { now, empty: undefined })
  const shutdown = lineOf(path('shutdown'), { now, empty: 'System shutting down' })
  return {
    motd: motd.line,
    shutdown: shutdown.line,
    set(kind, text) {
      if (text === undefined) rmSync(path(kind), { force: true })
      else write(path(kind), `${text}\n`)
      motd.forget()
      shutdown.forget()
    },
  }
}

/** Nobody reads half a notice. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.NEW`, text, { mode: 0o644 })
  renameSync(`${path}.NEW`, path)
}

interface Line {
  line(): string | undefined
  forget(): void
}

/** `empty`: what a file without text says. */
function lineOf(path: string, { now, empty }: { now: () => number; empty: string | undefined }): Line {
  const never = Number.NEGATIVE_INFINITY
  let [checked, line] = [never, undefined as string | undefined]
  return {
    line() {
      if (now() - checked > FRESH) {
        checked = now()
        const text = firstLine(path)
        line = text === '' ? empty : text
      }
      return line
    },
    forget() {
      checked = never
    },
  }
}

/** The first line, without what a protocol could not carry; undefined without a file. */
function firstLine(path: string): string | undefined {
  try {
    const [line = ''] = readFileSync(path, 'utf8').split('\n')
    return line
      .replace(/[^\x20-\x7e]+/g, ' ')
      .trim()
      .replace(/^\[/, ' [')
      .slice(0, LONGEST)
  } catch {
    return undefined
  }
}
