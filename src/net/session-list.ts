/** Who is connected: one file per process below proc/, one line per session, for cyr_info proc and the limits. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ListedSession {
  /** The entry of cyrus.conf. */
  readonly service: string
  /** `host [address]` */
  readonly client: string
  /** '' before sign-in. */
  readonly user: string
  readonly mailbox: string
  readonly command: string
  readonly id: string
  /** UTC seconds. */
  readonly since: number
}

/** Milliseconds between a change and the file that shows it. */
const DELAY = 200

export interface SessionList {
  /** The list has changed. */
  touch(): void
  /** Sessions of the other processes, as of a moment ago. */
  others(): ListedSession[]
  /** The process ends. */
  remove(): void
}

/** `sessions` gives the lines of this process. A directory that cannot be written only costs the list. */
export function sessionList(directory: string, sessions: () => Iterable<ListedSession>): SessionList {
  const path = join(directory, String(process.pid))
  let timer: NodeJS.Timeout | undefined
  let removed = false
  const write = async (): Promise<void> => {
    timer = undefined
    try {
      mkdirSync(directory, { recursive: true, mode: 0o755 })
      await writeFile(`${path}.new`, [...sessions()].map(writeLine).join(''), { mode: 0o640 })
      await rename(`${path}.new`, path)
    } catch {
      // Only a list.
    }
    if (removed) remove(path)
  }
  return {
    touch() {
      timer ??= setTimeout(() => void write(), DELAY).unref()
    },
    others: () =>
      readSessionList(directory)
        .filter(({ pid }) => pid !== process.pid)
        .map(({ session }) => session),
    remove() {
      removed = true
      clearTimeout(timer)
      remove(path)
    },
  }
}

function remove(path: string): void {
  rmSync(path, { force: true })
  rmSync(`${path}.new`, { force: true })
}

function writeLine(session: ListedSession): string {
  const { service, client, user, mailbox, command, id, since } = session
  const fields = [service, client, user, mailbox, command, id, since]
  return `${fields.map((field) => String(field).replace(/[\t\n]/g, ' ')).join('\t')}\n`
}

/** All sessions of all processes that live. Files of processes that are gone are left out. */
export function readSessionList(directory: string): { readonly pid: number; readonly session: ListedSession }[] {
  return pids(directory).flatMap((pid) =>
    readText(join(directory, String(pid)))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [service = '', client = '', user = '', mailbox = '', command = '', id = '', since = '0'] =
          line.split('\t')
        return { pid, session: { service, client, user, mailbox, command, id, since: Number(since) } }
      }),
  )
}

function pids(directory: string): number[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^\d+$/.test(name) && isAlive(Number(name)))
      .map(Number)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
