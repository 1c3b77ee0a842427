// Running our own programs from the quick start as an administrator would.
import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Account, Layout } from './layout.js'

/** `saslpasswd2 -C … -p -c USER`. @throws Error with what it said */
export async function setPassword(bin: string, { imapdConf }: Layout, { user, password }: Account): Promise<void> {
  const child = spawn(join(bin, 'saslpasswd2'), ['-C', imapdConf, '-p', '-c', user], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString()
  })
  child.stdin.end(`${password}\n`)
  const status = await ended(child)
  if (status !== 0) throw new Error(`saslpasswd2 ended with status ${status}: ${said.trim()}`)
}

/** The exit status; -1 when it could not be started or was killed. */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(-1))
    child.once('exit', (status) => resolve(status ?? -1))
  })
}

export type Master = {
  readonly pid: number
  /** Resolves with what master wrote last when it ends. */
  readonly over: Promise<string>
  /** Resolves when all its processes are gone. */
  stop(): Promise<void>
}

/** Starts master in the foreground; its log goes to `log`. Resolves when every port answers. @throws Error */
export async function startMaster(
  bin: string,
  { imapdConf, cyrusConf, ports }: Layout,
  log: (text: string) => void,
): Promise<Master> {
  const child = spawn(join(bin, 'master'), ['-C', imapdConf, '-M', cyrusConf], { stdio: ['ignore', 'pipe', 'pipe'] })
  let last = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      last = (last + text.toString()).slice(-2000)
      log(text.toString())
    })
  let gone = false
  const over = ended(child).then(() => {
    gone = true
    return last
  })
  const master: Master = {
    pid: child.pid ?? 0,
    over,
    async stop() {
      child.kill('SIGTERM')
      await over
    },
  }
  for (const port of Object.values(ports))
    if (!(await answers(port, () => gone))) {
      await master.stop()
      throw new Error(`nothing answers on 127.0.0.1:${port}; master said:\n${last.trim()}`)
    }
  return master
}

/** Tries for half a minute. */
async function answers(port: number, gone: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 300 && !gone(); tries++) {
    if (await canConnect(port)) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
