/** Processes that are killed with SIGKILL and started again; one that ends by itself is a complaint. */
import { type ChildProcess, spawn } from 'node:child_process'

export interface Herd {
  readonly complaints: string[]
  kills(): number
  massKills(): number
  restart(member: number): Promise<void>
  restartAll(): Promise<void>
  killAll(): Promise<void>
}

/** `orders` makes the one argument of a member from its number and the number of the start. */
export function startHerd(program: string, size: number, orders: (member: number, start: number) => unknown): Herd {
  const members: ChildProcess[] = []
  const complaints: string[] = []
  const all = Array.from({ length: size }, (_, member) => member)
  let [starts, kills, massKills] = [0, 0, 0]
  const start = (member: number): void => {
    const argument = JSON.stringify(orders(member, ++starts))
    const child = spawn(process.execPath, [program, argument], { stdio: ['ignore', 'ignore', 'pipe'] })
    let printed = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL')
        complaints.push(`process ${member} ended by itself (${signal ?? code}): ${printed.slice(0, 1000)}`)
    })
    members[member] = child
  }
  const kill = async (member: number): Promise<void> => {
    const child = members[member]
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    kills++
  }
  const killAll = async (): Promise<void> => {
    await Promise.all(all.map(kill))
  }
  for (const member of all) start(member)
  return {
    complaints,
    kills: () => kills,
    massKills: () => massKills,
    async restart(member) {
      await kill(member)
      start(member)
    },
    async restartAll() {
      await killAll()
      massKills++
      for (const member of all) start(member)
    },
    killAll,
  }
}
