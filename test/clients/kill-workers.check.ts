/** kill -9 of every process below master in turn, under load: nothing acknowledged is lost, and service goes on. */
import { expect } from 'chai'
import { processTree, signal } from '../support/processes.js'
import { ServerUnderTest } from '../support/server-under-test.js'
import { sleep, until } from '../support/wait.js'
import { Ledger } from './ledger.js'

describe('kill -9 of every worker in turn', () => {
  let server: ServerUnderTest
  const users = ['paul', 'mary', 'carl']

  before(async () => {
    server = await ServerUnderTest.start({}, users)
  })
  after(() => server.remove())

  it('loses nothing acknowledged', async () => {
    const ledger = new Ledger(server, users, 'worker')
    ledger.start()
    await sleep(1_000)
    const killed = new Set<string>()
    for (let round = 0; round < 2; round++) {
      for (const { pid, command } of processTree(server.masterPid).slice(1)) {
        if (!signal(pid, 'SIGKILL')) continue
        killed.add(
          command
            .replace(/^\S*node\S* /, '')
            .split(' ')[0]
            ?.split('/')
            .at(-1) ?? '',
        )
        const before = ledger.acknowledged
        await until('the service to go on', () => ledger.acknowledged > before + 3, 30_000)
        await sleep(200)
      }
    }
    await ledger.stop()
    expect([...killed].length, [...killed].join()).to.be.at.least(1)
    expect(ledger.acknowledged).to.be.above(20)
    await ledger.verify()
  })

  it('leaves a store in which the tools find nothing', async () => {
    for (const [name, args] of [
      ['quota', ['-f', '-q']],
      ['reconstruct', ['-q', '-G']],
    ] as const) {
      const { status, stdout, stderr } = await server.tool(name, args)
      expect({ name, status, said: stdout + stderr }).to.deep.equal({ name, status: 0, said: '' })
    }
  })
})
