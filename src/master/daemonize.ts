/** `-d`: the work is done by a detached child; this process ends when that one is ready, or says why it is not. */
import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'

/** What the child tells: that it runs, or why it does not. */
export type Progress =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly text: string; readonly status: number }

const marker = 'ANGARIUM_MASTER_DETACHED'

export const isDetached = (): boolean => process.env[marker] !== undefined && process.send !== undefined

/** Starts this program again in the background. Resolves to the exit status for this process. */
export function detach({ logFile }: { logFile: string | undefined }): Promise<number> {
  const [program = '', ...args] = process.argv.slice(1)
  const output = logFile === undefined ? ('ignore' as const) : openSync(logFile, 'a', 0o640)
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, [marker]: '1' },
  })
  return new Promise((resolve) => {
    child.on('message', (message) => {
      const progress = message as Progress
      if (progress.kind === 'failed') process.stderr.write(`${progress.text}\n`)
      child.disconnect()
      child.unref()
      resolve(progress.kind === 'ready' ? 0 : progress.status)
    })
    child.on('error', (error) => {
      process.stderr.write(`master: cannot start in the background: ${error.message}\n`)
      resolve(71)
    })
    child.on('exit', (status, signal) => {
      if (signal) process.stderr.write(`master: ended by ${signal}\n`)
      resolve(status ?? 70)
    })
  })
}

/** Tells the process in the foreground, once. In the foreground itself, failures go to stderr. */
export function report(progress: Progress): Promise<void> {
  if (!isDetached()) {
    if (progress.kind === 'failed') process.stderr.write(`${progress.text}\n`)
    return Promise.resolve()
  }
  delete process.env[marker]
  return new Promise((resolve) => {
    process.send?.(progress, undefined, undefined, () => {
      if (process.connected) process.disconnect()
      resolve()
    })
  })
}
