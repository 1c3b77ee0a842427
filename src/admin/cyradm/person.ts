// A person at a terminal: line editing, history, completion, prompts.
import { readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { complete } from './completion.js'
import { askSecret } from './secret.js'
import type { CyradmShell } from './shell.js'
import type { Terminal } from './terminal.js'

const HISTORY_LINES = 500

/** Prompts stop the line editor, so that only one of them reads the keys. */
export class Person implements Terminal {
  readonly interactive = true
  #editor: Interface | undefined
  #history: string[] = []
  #lines: string[] = []
  #wake: (() => void) | undefined
  #ended = false
  #prompting = false

  write(text: string): void {
    process.stdout.write(text)
  }

  writeError(text: string): void {
    process.stderr.write(text)
  }

  password(prompt: string): Promise<string | undefined> {
    this.#stop()
    return askSecret(prompt)
  }

  async confirm(question: string): Promise<boolean> {
    this.#stop()
    const editor = createInterface({ input: process.stdin, output: process.stdout })
    const answer = await new Promise<string>((resolve) => {
      editor.once('close', () => resolve(''))
      editor.question(`${question} [y/N] `, resolve)
    })
    editor.close()
    return /^y(es)?$/i.test(answer.trim())
  }

  /** Reads and runs lines until `exit` or the end of input. */
  async run(shell: CyradmShell): Promise<void> {
    this.#history = readHistory()
    while (!shell.leaving) {
      const line = await this.#line(shell)
      if (line === undefined) break
      shell.location = undefined
      await shell.execute(line)
    }
    writeHistory(this.#history)
  }

  close(): void {
    this.#stop()
  }

  async #line(shell: CyradmShell): Promise<string | undefined> {
    const editor = this.#editor ?? this.#edit(shell)
    editor.setPrompt(shell.prompt)
    if (this.#lines.length === 0 && !this.#ended) {
      editor.prompt()
      this.#prompting = true
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#prompting = false
    }
    const line = this.#lines.shift()
    if (line === undefined) process.stdout.write('\n')
    return line
  }

  #edit(shell: CyradmShell): Interface {
    const client = (): ReturnType<CyradmShell['client']> | undefined => (shell.signedIn ? shell.client() : undefined)
    const editor = createInterface({
      input: process.stdin,
      output: process.stdout,
      history: this.#history,
      historySize: HISTORY_LINES,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: Error | null, result: [string[], string]) => void) => {
        complete(line, client()).then(
          (result) => done(null, result),
          () => done(null, [[], line]),
        )
      },
    })
    editor.on('history', (history) => {
      this.#history = history
    })
    editor.on('line', (line) => {
      this.#lines.push(line)
      this.#wake?.()
    })
    editor.on('SIGINT', () => {
      process.stdout.write('^C\n')
      editor.write(null, { ctrl: true, name: 'e' })
      editor.write(null, { ctrl: true, name: 'u' })
      if (this.#prompting) editor.prompt()
    })
    editor.on('close', () => {
      if (editor !== this.#editor) return
      this.#ended = true
      this.#wake?.()
    })
    this.#editor = editor
    return editor
  }

  #stop(): void {
    const editor = this.#editor
    this.#editor = undefined
    editor?.close()
  }
}

const historyFile = (): string => join(homedir(), '.cyradm_history')

/** The newest first, as the editor has it. */
function readHistory(): string[] {
  try {
    const lines = readFileSync(historyFile(), 'utf8').split('\n')
    return lines
      .filter((line) => line !== '')
      .slice(-HISTORY_LINES)
      .reverse()
  } catch {
    return []
  }
}

/** For its owner alone; a home that cannot be written costs the history, nothing else. */
function writeHistory(history: readonly string[]): void {
  try {
    writeFileSync(
      historyFile(),
      [...history]
        .reverse()
        .map((line) => `${line}\n`)
        .join(''),
      { mode: 0o600 },
    )
  } catch {
    // No history then.
  }
}
