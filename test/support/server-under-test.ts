/**
 * A whole mail store in a private directory, started as an administrator would start it: cyrus.conf, imapd.conf, master.
 * Two makes take the same configuration: ours and Debian's Cyrus (ANGARIUM_CHECK_MAKE=cyrus), which proves the checks.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  accessSync,
  closeSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CommandOptions, type CommandResult, must, run } from './command.js'
import { ImapClient } from './imap-client.js'
import { LmtpClient } from './lmtp-client.js'
import { processesNaming, processTree, signal } from './processes.js'
import { freePort, until } from './wait.js'

export type Make = 'angarium' | 'cyrus'

export interface ServerOptions {
  make?: Make
  /** Lines added to imapd.conf. */
  imapd?: readonly string[]
  /** Entries added to the sections of cyrus.conf. `DIR` stands for the private directory. */
  start?: readonly string[]
  services?: readonly string[]
  events?: readonly string[]
  daemons?: readonly string[]
  /** Attributes of the imap, pop3 and lmtp entries besides cmd and listen. */
  attributes?: string
}

/** The system user that the store belongs to, on Debian; the package cyrus-common makes it. */
export const owner = 'cyrus'
export const admin = { user: 'cyrus', password: 'admin-secret' }
export const password = 'secret'

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

export function makeFromEnvironment(): Make {
  return process.env['ANGARIUM_CHECK_MAKE'] === 'cyrus' ? 'cyrus' : 'angarium'
}

export class ServerUnderTest {
  readonly make: Make
  readonly directory: string
  readonly imapPort: number
  readonly pop3Port: number
  readonly lmtpPort: number
  /** Where the LMTP socket is; anybody may enter its directory, as Postfix must. */
  readonly lmtpSocket: string
  readonly options: ServerOptions
  private readonly programs: string
  private master: ChildProcess | undefined

  private constructor(directory: string, ports: readonly number[], options: ServerOptions) {
    this.make = options.make ?? makeFromEnvironment()
    this.options = options
    this.directory = directory
    this.imapPort = ports[0] ?? 0
    this.pop3Port = ports[1] ?? 0
    this.lmtpPort = ports[2] ?? 0
    this.lmtpSocket = join(directory, 'socket/lmtp')
    this.programs = this.make === 'cyrus' ? '/usr/lib/cyrus/bin' : join(installed(directory), 'bin')
  }

  /** Makes the directory and the two files, and the accounts; starts nothing. */
  static async prepare(options: ServerOptions = {}): Promise<ServerUnderTest> {
    const directory = mkdtempSync(join(tmpdir(), 'angarium-check-'))
    const ports = [await freePort(), await freePort(), await freePort()]
    for (const name of ['conf', 'conf/socket', 'spool', 'sieve', 'socket', 'out']) {
      mkdirSync(join(directory, name), { mode: 0o755 })
    }
    await must('chmod', ['755', directory])
    const server = new ServerUnderTest(directory, ports, options)
    server.writeConfiguration()
    writeFileSync(join(directory, 'out/tick'), `#!/bin/sh\ndate +%s.%N >> ${directory}/out/$1\n`, { mode: 0o755 })
    await must('chown', [
      '-R',
      `${owner}:mail`,
      ...['conf', 'spool', 'sieve', 'socket', 'out'].map((d) => join(directory, d)),
    ])
    await server.addAccount(admin.user, admin.password)
    return server
  }

  /** Prepares and starts a server, with these users, each with a mailbox `user.NAME`. */
  static async start(options: ServerOptions = {}, users: readonly string[] = []): Promise<ServerUnderTest> {
    const server = await ServerUnderTest.prepare(options)
    try {
      for (const user of users) await server.addAccount(user, password)
      await server.up()
      await server.addMailboxes(users.map((user) => `user.${user}`))
    } catch (error) {
      await server.remove()
      throw error
    }
    return server
  }

  get imapdConf(): string {
    return join(this.directory, 'imapd.conf')
  }

  get cyrusConf(): string {
    return join(this.directory, 'cyrus.conf')
  }

  get masterPid(): number {
    return this.master?.pid ?? 0
  }

  /** What master and its children wrote to standard output and standard error. */
  get log(): string {
    return readFileSync(this.logFile, 'latin1')
  }

  private get logFile(): string {
    return join(this.directory, 'master.log')
  }

  /** The path of a program of this make. */
  program(name: string): string {
    if (this.make === 'cyrus' && name === 'saslpasswd2') return '/usr/sbin/saslpasswd2'
    if (this.make === 'cyrus' && name === 'cyradm') return '/usr/bin/cyradm'
    return join(this.programs, name)
  }

  /** Runs one of the make's tools on this server's configuration, as the user who owns the store. */
  tool(name: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return run('runuser', ['-u', owner, '--', this.program(name), '-C', this.imapdConf, ...args], options)
  }

  /** Makes an account in the private sasldb. */
  async addAccount(user: string, secret: string): Promise<void> {
    const database = join(this.directory, 'conf/sasldb2')
    const args = ['-p', '-c', '-f', database, '-u', 'localhost', user]
    const config = this.make === 'cyrus' ? [] : ['-C', this.imapdConf]
    await must(this.program('saslpasswd2'), [...config, ...args], { input: secret })
    await must('chown', ['-R', `${owner}:mail`, join(this.directory, 'conf')])
  }

  async addMailboxes(names: readonly string[]): Promise<void> {
    if (names.length === 0) return
    const client = await this.asAdmin()
    for (const name of names) await client.ok(`CREATE ${name}`)
    await client.logout()
  }

  asAdmin(): Promise<ImapClient> {
    return ImapClient.login(this.imapPort, admin.user, admin.password)
  }

  imap(user: string): Promise<ImapClient> {
    return ImapClient.login(this.imapPort, user, password)
  }

  lmtp(): Promise<LmtpClient> {
    return LmtpClient.open({ path: this.lmtpSocket })
  }

  /** Delivers these messages to a user over LMTP; each must be answered 250. */
  async deliver(user: string, messages: readonly string[]): Promise<void> {
    const session = await this.lmtp()
    for (const text of messages) {
      const [answer = ''] = await session.deliver('mary@example.test', [user], text)
      if (!answer.startsWith('250')) throw new Error(`a delivery to ${user} was answered ${answer}`)
    }
    session.close()
  }

  /** Starts master in the foreground, in a process group of its own, and waits until IMAP and LMTP answer. */
  async up(lmtpSocket = this.lmtpSocket): Promise<void> {
    const pidFile = join(this.directory, 'master.pid')
    const args = ['-C', this.imapdConf, '-M', this.cyrusConf, '-p', pidFile]
    // Debian's master closes its standard streams unless told -D.
    // A file, not a pipe: what the server writes must not wait for us.
    const log = openSync(this.logFile, 'a')
    const master = spawn(this.program('master'), this.make === 'cyrus' ? [...args, '-D'] : args, {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: '/',
    })
    closeSync(log)
    this.master = master
    try {
      await until('IMAP to answer', async () => {
        if (master.exitCode !== null) return true
        return (await answersAt({ port: this.imapPort, host: '127.0.0.1' })) && (await answersAt({ path: lmtpSocket }))
      })
      if (master.exitCode !== null) throw new Error(`master exited with ${master.exitCode}`)
    } catch (error) {
      throw new Error(`master did not start: ${this.log.slice(-4000)}`, { cause: error })
    }
  }

  /** SIGTERM, then waits until every process of the tree is gone. Gives the milliseconds that took. */
  async down(): Promise<number> {
    const began = performance.now()
    const tree = processTree(this.masterPid)
    signal(this.masterPid, 'SIGTERM')
    try {
      await until('all processes to end', () => this.processes(tree.map(({ pid }) => pid)).length === 0, 25_000)
    } finally {
      this.kill()
    }
    return performance.now() - began
  }

  /** kill -9 of master and everything it started, at once. */
  kill(): void {
    const tree = processTree(this.masterPid)
    if (tree.length > 0) signal(-this.masterPid, 'SIGKILL')
    for (const { pid } of [...tree, ...processesNaming(this.directory)]) signal(pid, 'SIGKILL')
  }

  /** Those of these processes that still live, and whoever else names this server's directory. */
  processes(known: readonly number[] = []): number[] {
    const named = processesNaming(this.directory).map(({ pid }) => pid)
    const living = known.filter((pid) => processTree(pid).length > 0)
    return [...new Set([...named, ...living])]
  }

  /** Ends everything and removes the private directory. */
  async remove(): Promise<void> {
    await until('all processes to end', () => {
      this.kill()
      return this.processes().length === 0
    })
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }

  /** The bytes of a file below the partition, such as `user/paul/1.`; a message may get its own file after the reply. */
  spoolFile(path: string): Promise<Buffer> {
    return until(`the file ${path}`, () => readFileSync(join(this.directory, 'spool', path)), 10_000)
  }

  async spoolTexts(paths: readonly string[]): Promise<string[]> {
    return (await Promise.all(paths.map((path) => this.spoolFile(path)))).map((bytes) => bytes.toString('latin1'))
  }

  writeConfiguration(changes: Partial<ServerOptions> = {}): void {
    Object.assign(this.options, changes)
    writeFileSync(this.imapdConf, this.imapdText())
    writeFileSync(this.cyrusConf, this.cyrusText())
  }

  private imapdText(): string {
    const own = this.make === 'cyrus' ? ['mailbox_legacy_dirs: yes', 'mboxname_lockpath: DIR/conf/lock'] : []
    const usual = [
      'configdirectory: DIR/conf',
      'defaultpartition: default',
      'partition-default: DIR/spool',
      'sievedir: DIR/sieve',
      'servername: localhost',
      `admins: ${admin.user}`,
      'allowplaintext: yes',
      'altnamespace: no',
      'unixhierarchysep: no',
      'virtdomains: off',
      'hashimapspool: no',
      'sasl_pwcheck_method: auxprop',
      'sasl_auxprop_plugin: sasldb',
      'sasl_mech_list: PLAIN LOGIN',
      'sasl_sasldb_path: DIR/conf/sasldb2',
      'lmtpsocket: DIR/socket/lmtp',
      'idlesocket: DIR/conf/socket/idle',
      'popminpoll: 0',
      ...own,
    ]
    // Cyrus takes no option twice: a line that is given replaces ours.
    const given = this.options.imapd ?? []
    const replaced = new Set(given.map((line) => line.split(':')[0]))
    const lines = [...usual.filter((line) => !replaced.has(line.split(':')[0])), ...given]
    return this.text(lines.map((line) => `${line}\n`).join(''))
  }

  private cyrusText(): string {
    const { start = [], services = [], events = [], daemons = [], attributes = '' } = this.options
    const sections = {
      START: ['recover cmd="ctl_cyrusdb -r"', ...start],
      SERVICES: [
        `imap cmd="imapd" listen="127.0.0.1:${this.imapPort}" ${attributes}`,
        `pop3 cmd="pop3d" listen="127.0.0.1:${this.pop3Port}" ${attributes}`,
        `lmtp cmd="lmtpd -a" listen="127.0.0.1:${this.lmtpPort}" ${attributes}`,
        `lmtpunix cmd="lmtpd" listen="${this.lmtpSocket}" ${attributes}`,
        ...services,
      ],
      EVENTS: ['checkpoint cmd="ctl_cyrusdb -c" period=30', ...events],
      DAEMON: ['idled cmd="idled"', ...daemons],
    }
    const text = Object.entries(sections).map(
      ([name, entries]) => `${name} {\n${entries.map((entry) => `  ${entry}\n`).join('')}}\n`,
    )
    return this.text(
      this.make === 'cyrus' ? text.join('\n').replace(/cmd="(\w+)(?=[ "])/g, this.withConfiguration) : text.join('\n'),
    )
  }

  /** Cyrus's master does not hand its -C down: each command of its own names the file. */
  private readonly withConfiguration = (_: string, program: string): string => `cmd="${program} -C ${this.imapdConf}`

  private text(template: string): string {
    return template.replaceAll('DIR/', `${this.directory}/`)
  }
}

/** Whether something accepts a connection there and greets. */
export function answersAt(address: { port: number; host: string } | { path: string }): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(address)
    const done = (yes: boolean): void => {
      socket.destroy()
      answer(yes)
    }
    socket.setTimeout(5_000, () => done(false))
    socket.on('error', () => done(false))
    socket.on('end', () => done(false))
    socket.on('data', () => done(true))
  })
}

/** The project's own place if the store's user can read it there, else a copy of what is needed to run it. */
function installed(directory: string): string {
  if (canBeReadByAnyone(projectRoot)) return projectRoot
  const copy = join(directory, 'installed')
  for (const part of ['bin', 'conf', 'dist', 'node_modules', 'package.json']) {
    cpSync(join(projectRoot, part), join(copy, part), { recursive: true, dereference: true })
  }
  return copy
}

function canBeReadByAnyone(path: string): boolean {
  try {
    accessSync(join(path, 'bin/master'), constants.X_OK)
  } catch {
    return true
  }
  for (let at = path; ; at = dirname(at)) {
    if (!othersMayEnter(at)) return false
    if (at === dirname(at)) return true
  }
}

function othersMayEnter(path: string): boolean {
  return (statSync(path).mode & 0o005) === 0o005
}
