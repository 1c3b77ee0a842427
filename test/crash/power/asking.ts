/** Asks the checking process about trees, one at a time; a death or silence of it is a complaint. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Question, Verdict } from './checker.js'

const checkerProgram = fileURLToPath(new URL('./checker.js', import.meta.url))
const patience = 60_000 // milliseconds for one tree

export interface Checker {
  ask(question: Question): Promise<readonly string[]>
  close(): void
}

export function startChecker(module: string): Checker {
  let child: ChildProcess | undefined
  let printed = ''
  const living = (): ChildProcess => {
    if (!child || child.exitCode !== null || child.signalCode !== null)
      child = begin(module, (text) => {
        printed = (printed + text).slice(-2000)
      })
    return child
  }
  return {
    ask: (question) =>
      new Promise((resolve) => {
        const asked = living()
        const finish = (complaints: readonly string[]): void => {
          clearTimeout(timer)
          asked.removeAllListeners()
          resolve(complaints.length > 0 && printed !== '' ? [...complaints, `it printed: ${printed}`] : complaints)
          printed = ''
        }
        const timer = setTimeout(() => {
          asked.kill('SIGKILL')
          finish([`the check took more than ${patience / 1000} s`])
        }, patience)
        asked.once('message', (verdict: Verdict) => finish(verdict.complaints))
        asked.once('exit', (code, signal) => finish([`the checker died (${signal ?? `exit ${code}`})`]))
        asked.send(question)
      }),
    close: () => {
      child?.kill('SIGKILL')
    },
  }
}

function begin(module: string, onPrint: (text: string) => void): ChildProcess {
  const child = fork(checkerProgram, [module], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  child.stderr?.setEncoding('utf8').on('data', onPrint)
  return child
}
