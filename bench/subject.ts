/** A server that is measured: one make, with its accounts and mailboxes, and how much it used for what was asked. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { availableMemory, cpuOfTree, pssOfTree } from '../test/support/processes.js'
import { type Make, password, ServerUnderTest } from '../test/support/server-under-test.js'
import { until } from '../test/support/wait.js'

export const userCount = 50

/** Users that mail is delivered to; the mailbox of `big` holds the 20,000 messages that are read. */
export const users = [...Array(userCount).keys()].map((number) => `u${String(number).padStart(2, '0')}`)

export interface Usage {
  /** Milliseconds of processor time of the server's whole process tree. */
  serverCpu: number
  /** Share of one processor that this client used, 0 to 1. */
  clientShare: number
  /** Kilobytes of proportional set size at the end. */
  pss: number
}

export class Subject {
  readonly name: Make
  readonly server: ServerUnderTest

  private constructor(server: ServerUnderTest) {
    this.name = server.make
    this.server = server
  }

  static async start(make: Make): Promise<Subject> {
    return new Subject(await ServerUnderTest.start({ make }, [...users, 'big']))
  }

  get lmtp(): { path: string } {
    return { path: this.server.lmtpSocket }
  }

  get password(): string {
    return password
  }

  /** Does the work and says what it cost. */
  async using<T>(work: () => Promise<T>): Promise<{ result: T } & Usage> {
    const cpuBefore = cpuOfTree(this.server.masterPid)
    const clientBefore = process.cpuUsage()
    const began = performance.now()
    const result = await work()
    const elapsed = performance.now() - began
    const client = process.cpuUsage(clientBefore)
    return {
      result,
      serverCpu: cpuOfTree(this.server.masterPid) - cpuBefore,
      clientShare: (client.user + client.system) / 1000 / elapsed,
      pss: pssOfTree(this.server.masterPid),
    }
  }

  pss(): number {
    return pssOfTree(this.server.masterPid)
  }

  available(): number {
    return availableMemory()
  }

  /** Stops the server and starts it again on the same store. */
  async restart(): Promise<void> {
    await this.server.down()
    await this.server.up()
  }

  /** Numbered message files in the INBOXes of the users. */
  messageFiles(): number {
    return users.reduce((sum, user) => sum + numberedFiles(join(this.server.directory, 'spool/user', user)), 0)
  }

  /** Waits until there are exactly this many message files; throws if there never are. */
  async expectFiles(count: number): Promise<void> {
    await until(
      `${count} message files (there are ${this.messageFiles()})`,
      () => this.messageFiles() === count,
      30_000,
    )
  }

  remove(): Promise<void> {
    return this.server.remove()
  }
}

function numberedFiles(directory: string): number {
  return readdirSync(directory).filter((name) => /^\d+\.$/.test(name)).length
}
