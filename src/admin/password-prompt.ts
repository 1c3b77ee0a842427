/** Asks for a password: at the terminal twice and unseen, or the first line of standard input. */
import type { Readable } from 'node:stream'
import type { Terminal } from './sasldb-arguments.js'

/** Octets of a password on standard input. */
const LONGEST = 4096

/** Undefined when the two answers differ. Throws when the prompt is broken off. */
export async function askNewPassword(): Promise<string | undefined> {
  const { default: inquirer } = await import('inquirer')
  const { first, second } = await inquirer.prompt<{ first: string; second: string }>([
    { type: 'password', name: 'first', message: 'Password:' },
    { type: 'password', name: 'second', message: 'Again (for verification):' },
  ])
  return first === second ? first : undefined
}

export async function readPassword(input: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    size += bytes.length
    if (bytes.includes(10) || size > LONGEST) break
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return text.split('\n')[0]?.replace(/\r$/, '') ?? ''
}

/** The process's own: lines to standard output and error, the password from the terminal or standard input. */
export const processTerminal: Terminal = {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  password: async (pipe) => {
    if (!pipe && process.stdin.isTTY) return askNewPassword()
    const password = await readPassword(process.stdin)
    process.stdin.destroy()
    return password
  },
}
