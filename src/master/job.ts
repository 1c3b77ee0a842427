/** One program of START, EVENTS or DAEMON: run without a shell, its output logged line by line. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Log } from '../log/log.js'
import type { Program } from './programs.js'

export interface JobSettings {
  readonly name: string
  readonly program: Program & { kind: 'program' }
  /** imapd.conf, for our own programs. */
  readonly conf: string
  readonly environment: NodeJS.ProcessEnv
  readonly log: Log
  /** Gives the program a pipe as file descriptor 3, and waits there for `ok`. */
  readonly readiness?: boolean
}

export interface Ended {
  readonly status: number | undefined
  readonly signal: string | undefined
  /** Why it could not be started. */
  readonly error: string | undefined
}

export interface Job {
  readonly name: string
  readonly pid: number
  readonly ended: Promise<Ended>
  /** Whether `ok` came on file descriptor 3 before it was closed. */
  readonly ready: Promise<boolean>
  readonly signal: (signal: NodeJS.Signals) => void
}

/** Octets of one line of output; the rest of it is dropped. */
const longestLine = 4096

/** Gives the lines of a stream, each bounded, without empty ones. */
export function logLines(stream: Readable, write: (line: string) => void): void {
  let open = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (open + text).split('\n')
    open = (lines.pop() ?? '').slice(0, longestLine)
    for (const line of lines) if (line.trim() !== '') write(line.slice(0, longestLine))
  })
  stream.on('end', () => (open.trim() === '' ? undefined : write(open)))
  stream.on('error', () => undefined)
}

function readiness(child: ChildProcess): Promise<boolean> {
  const stream = child.stdio[3]
  if (!stream || !('on' in stream)) return Promise.resolve(true)
  return new Promise((resolve) => {
    let text = ''
    stream.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      if (text.length >= 4) resolve(text.startsWith('ok\r\n'))
    })
    stream.on('end', () => resolve(text.startsWith('ok\r\n')))
    stream.on('error', () => resolve(false))
  })
}

/** Starts it. What becomes of it is in `ended`, which never rejects. */
export function runJob({ name, program, conf, environment, log, readiness: wanted = false }: JobSettings): Job {
  const args = program.ours && program.args[0] !== '-C' ? ['-C', conf, ...program.args] : [...program.args]
  const child = spawn(program.path, args, {
    env: environment,
    stdio: wanted ? ['ignore', 'pipe', 'pipe', 'pipe'] : ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr])
    if (stream) logLines(stream, (line) => log.event('job.output', { name, line }))
  const pid = child.pid ?? 0
  if (pid) log.event('job.started', { name, pid, command: [program.path, ...args].join(' ') })
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', (error) => resolve({ status: undefined, signal: undefined, error: error.message }))
    child.once('exit', (status, signal) =>
      resolve({ status: status ?? undefined, signal: signal ?? undefined, error: undefined }),
    )
  })
  return {
    name,
    pid,
    ended,
    ready: wanted ? readiness(child) : Promise.resolve(true),
    signal: (signal) => void child.kill(signal),
  }
}

/** Why a job counts as failed, or undefined when it ended well. */
export function failure({ status, signal, error }: Ended): string | undefined {
  if (error) return `could not be started: ${error}`
  if (signal) return `signaled to death by ${signal}`
  return status === 0 ? undefined : `exited, status ${status ?? 'unknown'}`
}
