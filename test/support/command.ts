/** Runs programs for the black-box checks: input given, output kept, never longer than a bound. */
import { spawn } from 'node:child_process'

export interface CommandOptions {
  input?: string | Buffer
  env?: Record<string, string>
  cwd?: string
  /** Milliseconds before the program is killed; 60,000 unless given. */
  timeout?: number
}

export interface CommandResult {
  /** The exit status, or 128 and more if a signal ended the program. */
  status: number
  stdout: string
  stderr: string
}

/** Runs one program to its end and says what it printed. Throws only if the program cannot be started or takes too long. */
export function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { input, env = {}, cwd, timeout = 60_000 } = options
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) })
    const out: Buffer[] = []
    const err: Buffer[] = []
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      const said = Buffer.concat([...out, ...err]).toString()
      reject(new Error(`${program} ${args.join(' ')} took more than ${timeout} ms and said: ${said}`))
    }, timeout)
    child.stdout.on('data', (piece: Buffer) => out.push(piece))
    child.stderr.on('data', (piece: Buffer) => err.push(piece))
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({
        status: code ?? (signal === 'SIGKILL' ? 137 : 143),
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      })
    })
    child.stdin.end(input ?? '')
  })
}

/** Runs one program that must exit with status 0; gives its standard output. */
export async function must(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await run(program, args, options)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${status}:\n${stdout}${stderr}`)
  return stdout
}
