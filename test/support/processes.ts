/** What /proc says about a tree of processes: who there is, the processor time it used, the memory it holds. */
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessEntry {
  pid: number
  parent: number
  group: number
  /** The state letter of proc(5): R, S, D, Z, T … */
  state: string
  /** Processor time of the process and of its children that have ended, in milliseconds (10 ms steps). */
  cpu: number
  command: string
}

const millisecondsPerTick = 10

function readEntry(pid: number): ProcessEntry | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const number = (index: number): number => Number(fields[index])
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
    return {
      pid,
      parent: number(1),
      group: number(2),
      state: fields[0] ?? '?',
      cpu: (number(11) + number(12) + number(13) + number(14)) * millisecondsPerTick,
      command,
    }
  } catch {
    return undefined
  }
}

function allProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readEntry(Number(name)))
    .filter((entry) => entry !== undefined)
}

/** The process and everything below it, the process itself first. Empty if it is gone. */
export function processTree(root: number): ProcessEntry[] {
  const everyone = allProcesses().filter(({ state }) => state !== 'Z')
  const tree = everyone.filter(({ pid }) => pid === root)
  for (const entry of tree) tree.push(...everyone.filter(({ parent }) => parent === entry.pid))
  return tree
}

/** Every live process whose command line holds this text (a private directory, say). */
export function processesNaming(text: string): ProcessEntry[] {
  return allProcesses().filter(
    ({ state, pid, command }) => state !== 'Z' && pid !== process.pid && command.includes(text),
  )
}

/** Milliseconds of processor time used by the tree so far, ended children included. */
export function cpuOfTree(root: number): number {
  return processTree(root).reduce((sum, { cpu }) => sum + cpu, 0)
}

/** Kilobytes of proportional set size held by the tree. */
export function pssOfTree(root: number): number {
  return processTree(root).reduce((sum, { pid }) => sum + pssOf(pid), 0)
}

function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** Kilobytes that the kernel says are available for new work. */
export function availableMemory(): number {
  return Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1] ?? 0)
}

/** Sends a signal; false if the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch {
    return false
  }
}
