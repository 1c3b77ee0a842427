// The shell: one connection, one status, and the running of command lines.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { SaslError } from '../../auth/sasl.js'
import type { ImapClient } from '../../client/imap/client.js'
import { ImapLost, ImapRefused } from '../../client/imap/errors.js'
import type { OpenedImap } from '../../client/imap/open.js'
import { logout, signIn } from '../../client/imap/session.js'
import { addressOf, type ConnectWishes, reach, type TlsWishes } from './connect.js'
import { readFlags, Usage } from './flags.js'
import type { Terminal } from './terminal.js'
import { NotConnected, type Shell, type Verb } from './verb.js'
import { verbNamed } from './verbs.js'
import { BadLine, type CommandLine, type Redirection, readLine } from './words.js'

export interface ShellSettings {
  readonly user: string
  readonly actAs?: string | undefined
  readonly password?: string | undefined
  readonly mechanisms?: readonly string[] | undefined
  readonly port?: number | undefined
  readonly tls: TlsWishes
  /** Values instead of lines, one JSON text each. */
  readonly json: boolean
  readonly dryRun: boolean
  /** Milliseconds for each answer of the server. */
  readonly timeout: number
}

/** Nobody said the password, or it is wrong. */
export class NotSignedIn extends Error {}

export class CyradmShell implements Shell {
  readonly #settings: ShellSettings
  readonly #terminal: Terminal
  #opened: OpenedImap | undefined
  #out: number | undefined
  #err: number | undefined
  server: string | undefined
  signedIn = false
  /** Of the last command: 0 or 1. */
  status = 0
  /** Set when `exit` was said. */
  leaving: { readonly status: number } | undefined
  /** Where the command stands, for errors: `stdin line 3`. */
  location: string | undefined

  constructor(settings: ShellSettings, terminal: Terminal) {
    this.#settings = settings
    this.#terminal = terminal
  }

  get dryRun(): boolean {
    return this.#settings.dryRun
  }

  get asks(): boolean {
    return this.#terminal.interactive
  }

  get prompt(): string {
    return `${this.server ?? 'cyradm'}> `
  }

  /** Runs all commands of a line. Throws nothing that a command can cause. */
  async execute(line: string): Promise<void> {
    try {
      for (const command of readLine(line)) {
        if (this.leaving) return
        await this.#redirected(command)
      }
    } catch (error) {
      if (!(error instanceof BadLine)) throw error
      this.complain(`cyradm: ${error.message}`)
    }
  }

  client(): ImapClient {
    if (!this.#opened) throw new NotConnected()
    return this.#opened.client
  }

  /** Throws ImapLost, and what `authenticate` throws. */
  async connect(server: string, { authenticate }: { authenticate: boolean }): Promise<void> {
    await this.disconnect()
    const { port, tls, timeout } = this.#settings
    this.#opened = await reach(addressOf(server, port), tls, timeout)
    this.#opened.client.onAlert = (text) => this.#terminal.writeError(`${text}\n`)
    this.server = server
    if (authenticate) await this.authenticate({})
  }

  /** Throws NotSignedIn, ImapLost. */
  async authenticate({
    user = this.#settings.user,
    mechanisms = this.#settings.mechanisms,
  }: ConnectWishes): Promise<void> {
    const opened = this.#opened
    if (!opened) throw new NotConnected()
    const password = this.#settings.password ?? (await this.#terminal.password('Password:'))
    if (password === undefined) throw new NotSignedIn('there is nobody to ask for the password; give it with -w')
    const { actAs } = this.#settings
    try {
      await signIn(opened.client, { user, password, actAs, mechanisms, host: this.server ?? '', tls: opened.tls })
    } catch (error) {
      if (!(error instanceof ImapRefused || error instanceof SaslError)) throw error
      throw new NotSignedIn(`Login failed: ${error.message}`)
    }
    this.signedIn = true
  }

  async disconnect(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    this.server = undefined
    this.signedIn = false
    if (opened) await logout(opened.client)
  }

  print(line: string): void {
    this.say(`${line}\n`)
  }

  say(text: string): void {
    if (this.#out === undefined) this.#terminal.write(text)
    else writeSync(this.#out, text)
  }

  show(value: unknown, lines: readonly string[]): void {
    if (this.#settings.json) this.print(JSON.stringify(value))
    else for (const line of lines) this.print(line)
  }

  complain(line: string): void {
    const text = `${line}${this.location === undefined ? '' : ` (${this.location})`}\n`
    if (this.#err === undefined) this.#terminal.writeError(text)
    else writeSync(this.#err, text)
    this.status = 1
  }

  confirm(question: string): Promise<boolean> {
    return this.#terminal.confirm(question)
  }

  exit(status: number | undefined): void {
    this.leaving = { status: status ?? this.status }
  }

  async #redirected(command: CommandLine): Promise<void> {
    const [out, err] = [command.output, command.errors].map((target) => this.#open(target))
    if (out === 'failed' || err === 'failed') return
    this.#out = out
    this.#err = err
    try {
      await this.#run(command.words)
    } finally {
      for (const descriptor of [out, err]) if (descriptor !== undefined) closeSync(descriptor)
      this.#out = undefined
      this.#err = undefined
    }
  }

  #open(target: Redirection | undefined): number | undefined | 'failed' {
    if (!target) return undefined
    try {
      return openSync(target.path, target.append ? 'a' : 'w')
    } catch (error) {
      this.complain(`${target.path}: ${error instanceof Error ? error.message : String(error)}`)
      return 'failed'
    }
  }

  async #run([word = '', ...words]: readonly string[]): Promise<void> {
    const verb = verbNamed(word)
    if (!verb) {
      this.#runProgram(word, words)
      return
    }
    const before = this.status
    this.status = 0
    try {
      const given = readFlags(words, verb.flags ?? {}, { loose: verb.loose ?? false })
      const [least, most] = verb.takes
      if (given.words.length < least || given.words.length > most) throw new Usage()
      if (verb.name === 'exit') this.status = before
      await verb.run(this, given)
    } catch (error) {
      this.#failed(verb, error)
    }
  }

  #failed(verb: Verb, error: unknown): void {
    const name = verb.calledIn ?? verb.name
    if (error instanceof Usage) {
      const [first = '', ...more] = verb.usage.split('\n')
      this.complain([`usage: ${name} ${first}`, ...more.map((form) => `       ${name} ${form}`)].join('\n').trimEnd())
      return
    }
    if (!(error instanceof Error)) throw error
    const label = error instanceof NotConnected ? name : (verb.complains ?? name)
    this.complain(label === '' ? error.message : `${label}: ${error.message}`)
    if (error instanceof ImapLost) this.#lost()
  }

  /** The server is gone: the next command says so, instead of waiting. */
  #lost(): void {
    this.#opened?.client.connection.destroy()
    this.#opened = undefined
    this.server = undefined
    this.signedIn = false
  }

  /** A person's other commands are programs, as in Cyrus's shell; in a script they are mistakes. */
  #runProgram(word: string, words: readonly string[]): void {
    const unknown = `${word}: unknown command, see help`
    if (!this.#terminal.interactive) {
      this.complain(unknown)
      return
    }
    const { error, status } = spawnSync(word, words, { stdio: 'inherit' })
    this.status = status ?? 1
    if (error) this.complain('code' in error && error.code === 'ENOENT' ? unknown : `${word}: ${error.message}`)
  }
}
