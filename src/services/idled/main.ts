// idled: the change hub as a program. `idled [-C imapd.conf] [-f]`, under DAEMON or START of cyrus.conf.
import { spawn } from 'node:child_process'
import { fstatSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { becomeCyrusUser } from '../../config/identity.js'
import { loadOptions } from '../../config/imapd-conf.js'
import { ConfigError } from '../../config/problem.js'
import { type Log, openLog } from '../../log/log.js'
import { changeHub } from './hub.js'
import { listenAt, NoSocket } from './listen.js'

const USAGE = 64
const UNAVAILABLE = 69
const CONFIGURATION = 78
/** How often a hub in the background looks whether the master that started it is still there, in milliseconds. */
const WATCH = 1000
const WATCHED = 'ANGARIUM_IDLED_WATCHES'

/** The exit status; in the background, and under `-f` or DAEMON, when it has been told to end. */
export async function main(args: readonly string[]): Promise<number> {
  const complain = (text: string, status: number): number => {
    process.stderr.write(`idled: ${text}\n`)
    return status
  }
  let conf: string | undefined
  let foreground: boolean | undefined
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { C: { type: 'string', short: 'C' }, f: { type: 'boolean', short: 'f' } },
    })
    conf = values.C
    foreground = values.f
  } catch {
    return complain('usage: idled [-C imapd.conf] [-f]', USAGE)
  }
  if (!foreground && !isDaemon(process.env)) return background(conf)
  try {
    const options = loadOptions(conf)
    becomeCyrusUser(options)
    await serve(options.idlesocket, openLog({ service: 'idled', options }))
    return 0
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, CONFIGURATION)
    if (error instanceof NoSocket) return complain(error.message, UNAVAILABLE)
    throw error
  }
}

/** DAEMON entries stay; from START, and by hand, idled puts itself in the background, as it always did. */
const isDaemon = (environment: NodeJS.ProcessEnv): boolean =>
  environment['CYRUS_ISDAEMON'] !== undefined && environment['ANGARIUM_SECTION'] !== 'START'

/** Serves until SIGTERM, SIGINT or SIGQUIT, or until the master that is to be watched is gone. */
async function serve(path: string, log: Log): Promise<void> {
  const hub = changeHub()
  await listenAt(hub.server, path)
  log.event('info', { text: `change hub ready at ${path}` })
  tellReady()
  process.on('SIGHUP', () => undefined)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.once(signal, () => resolve())
    const master = Number(process.env[WATCHED])
    if (master > 1) setInterval(() => (isAlive(master) ? undefined : resolve()), WATCH).unref()
  })
  await hub.close()
}

/** `wait=y` of a DAEMON entry, and our own first process, wait for `ok` on file descriptor 3. */
function tellReady(): void {
  try {
    const stat = fstatSync(3)
    if (stat.isFIFO() || stat.isSocket()) writeSync(3, 'ok\r\n')
  } catch {
    // Nobody waits.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Starts it again, apart from this process; 0 as soon as that one listens. */
function background(conf: string | undefined): Promise<number> {
  const program = process.argv[1] ?? ''
  const { CYRUS_LOG: _, ...environment } = process.env
  const child = spawn(process.execPath, [program, ...(conf === undefined ? [] : ['-C', conf]), '-f'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...environment, [WATCHED]: String(process.env['CYRUS_SERVICE'] === undefined ? 0 : process.ppid) },
  })
  child.stderr?.on('data', (text: Buffer) => process.stderr.write(text))
  return new Promise((resolve) => {
    child.once('error', () => resolve(UNAVAILABLE))
    child.once('exit', (status) => resolve(status ?? UNAVAILABLE))
    child.stdio[3]?.once('data', () => {
      child.unref()
      child.stderr?.destroy()
      child.stdio[3]?.destroy()
      resolve(0)
    })
  })
}
