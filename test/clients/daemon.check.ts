/** master -d goes to the background, writes its pid file, refuses a second of its kind, and stops on SIGTERM. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from '../support/command.js'
import { processTree, signal } from '../support/processes.js'
import { answersAt, ServerUnderTest } from '../support/server-under-test.js'
import { until } from '../support/wait.js'

describe('master -d', () => {
  let server: ServerUnderTest
  let pid = 0

  const master = (...more: string[]): ReturnType<typeof run> => {
    const files = ['-C', server.imapdConf, '-M', server.cyrusConf, '-p', join(server.directory, 'conf/master.pid')]
    return run(server.program('master'), [...files, ...more], { timeout: 20_000 })
  }

  before(async () => {
    server = await ServerUnderTest.prepare()
  })
  after(() => server.remove())

  it('exits 0 once the daemon runs, and every service answers', async () => {
    const { status, stdout, stderr } = await master('-d')
    expect(status, stdout + stderr).to.equal(0)
    const text = await until(
      'the pid file',
      () => readFileSync(join(server.directory, 'conf/master.pid'), 'latin1') || undefined,
    )
    expect(text.split('\n')[0]).to.match(/^\d+$/)
    pid = Number.parseInt(text, 10)
    expect(processTree(pid)).not.to.deep.equal([])
    // Cyrus's parent process exits a moment before the daemon listens; ours must not.
    const patience = server.make === 'cyrus' ? 5_000 : 0
    for (const port of [server.imapPort, server.pop3Port, server.lmtpPort]) {
      await until(`port ${port}`, () => answersAt({ port, host: '127.0.0.1' }), patience)
    }
    await until('the LMTP socket', () => answersAt({ path: server.lmtpSocket }), patience)
  })

  it('refuses a second master on the same configuration', async () => {
    const { status } = await master('-d')
    expect(status).not.to.equal(0)
    expect(processTree(pid)).not.to.deep.equal([])
    expect(await answersAt({ port: server.imapPort, host: '127.0.0.1' })).to.equal(true)
  })

  it('is gone within 20 seconds of SIGTERM', async () => {
    signal(pid, 'SIGTERM')
    await until('the end of all processes', () => server.processes([pid]).length === 0, 20_000)
    expect(await answersAt({ port: server.imapPort, host: '127.0.0.1' })).to.equal(false)
  })
})
