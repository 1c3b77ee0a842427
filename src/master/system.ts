/** What master asks of the system beside processes: systemd, file descriptors, leftovers of dead processes. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Tells systemd, where it listens, that the service is up. */
export function tellSystemd(state: 'READY=1' | 'STOPPING=1' | 'RELOADING=1', environment = process.env): void {
  if (!environment['NOTIFY_SOCKET']) return
  const child = spawn('systemd-notify', [`--pid=${process.pid}`, state], { stdio: 'ignore', env: environment })
  child.on('error', () => undefined)
  child.unref()
}

/** How many files this process and its children may have open; undefined where the system does not say. */
export function openFilesLimit(): number | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'latin1')
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Removes the lists of sessions of processes that are gone. */
export function sweepProc(directory: string): void {
  try {
    for (const name of readdirSync(directory))
      if (/^\d+$/.test(name) && !lives(Number(name))) rmSync(join(directory, name), { force: true })
  } catch {
    // There is no such directory yet: nothing to sweep.
  }
}
