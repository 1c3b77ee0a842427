// Commands from a file or a pipe: nobody is asked anything, and errors say in which line.
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { CyradmShell } from './shell.js'
import type { Terminal } from './terminal.js'

export const nobody: Terminal = {
  interactive: false,
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  password: async () => undefined,
  confirm: async () => true,
}

/** Runs the lines until the end or `exit`; a command that fails does not stop those that follow. */
export async function runScript(shell: CyradmShell, input: Readable, name: string): Promise<void> {
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    shell.location = `${name} line ${number}`
    await shell.execute(line)
    if (shell.leaving) break
  }
  shell.location = undefined
}
