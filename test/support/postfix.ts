/** A private Debian Postfix: own configuration, queue, log and port; hands all of example.test to an LMTP socket. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must, run } from './command.js'
import { signal } from './processes.js'
import { answersAt } from './server-under-test.js'
import { freePort, until } from './wait.js'

export class Postfix {
  readonly port: number
  private readonly directory: string

  private constructor(directory: string, port: number) {
    this.directory = directory
    this.port = port
  }

  static async start(lmtpSocket: string): Promise<Postfix> {
    const directory = mkdtempSync(join(tmpdir(), 'angarium-postfix-'))
    chmodSync(directory, 0o755)
    for (const name of ['conf', 'queue', 'data']) mkdirSync(join(directory, name), { mode: 0o755 })
    await must('chown', ['postfix', join(directory, 'data')])
    const postfix = new Postfix(directory, await freePort())
    writeFileSync(join(directory, 'conf/main.cf'), mainCf(directory, lmtpSocket))
    writeFileSync(join(directory, 'conf/master.cf'), masterCf(postfix.port))
    try {
      await must('postfix', ['-c', join(directory, 'conf'), 'start'])
      await until('Postfix to greet', () => answersAt({ port: postfix.port, host: '127.0.0.1' }))
    } catch (error) {
      const log = postfix.log()
      await postfix.remove()
      throw new Error(`Postfix did not start: ${log}`, { cause: error })
    }
    return postfix
  }

  /** Postfix's own log so far. */
  log(): string {
    try {
      return readFileSync(join(this.directory, 'maillog'), 'latin1')
    } catch {
      return ''
    }
  }

  /** Waits for a line of the log that matches; gives it. */
  logLine(pattern: RegExp, within = 20_000): Promise<string> {
    return until(
      `a line ${pattern} in Postfix's log`,
      () =>
        this.log()
          .split('\n')
          .find((line) => pattern.test(line)),
      within,
    )
  }

  /** Tries everything in the queue again at once. */
  async flush(): Promise<void> {
    await must('postqueue', ['-c', join(this.directory, 'conf'), '-f'])
  }

  /** Sends one message by SMTP as a user's program would, with swaks. The message holds header, empty line and body. */
  async send(from: string, to: readonly string[], message: string): Promise<void> {
    const args = ['--server', '127.0.0.1', '--port', String(this.port), '--from', from, '--to', to.join(',')]
    const input = Buffer.from(`${message.replace(/^\./gm, '..')}.\r\n`, 'latin1')
    await must('swaks', [...args, '--no-data-fixup', '--data', '-', '--hide-all'], { input })
  }

  async remove(): Promise<void> {
    await run('postfix', ['-c', join(this.directory, 'conf'), 'stop']).catch(() => undefined)
    try {
      signal(Number(readFileSync(join(this.directory, 'queue/pid/master.pid'), 'latin1')), 'SIGKILL')
    } catch {
      // Never started, or its queue is gone.
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function mainCf(directory: string, lmtpSocket: string): string {
  return `compatibility_level = 3.6
queue_directory = ${directory}/queue
data_directory = ${directory}/data
maillog_file = ${directory}/maillog
maillog_file_prefixes = ${directory}
myhostname = mx.example.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
alias_maps =
alias_database =
virtual_mailbox_domains = example.test
virtual_transport = lmtp:unix:${lmtpSocket}
smtpd_recipient_restrictions = permit_mynetworks, reject
queue_run_delay = 5s
minimal_backoff_time = 5s
maximal_backoff_time = 10s
biff = no
`
}

function masterCf(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
}
