/** kill -9 of master and everything below it at once, under load, again and again: nothing acknowledged is lost. */
import { expect } from 'chai'
import { ServerUnderTest } from '../support/server-under-test.js'
import { sleep } from '../support/wait.js'
import { Ledger } from './ledger.js'

describe('kill -9 of the whole process group', () => {
  let server: ServerUnderTest
  const users = ['paul', 'mary', 'carl']

  before(async () => {
    server = await ServerUnderTest.start({}, users)
  })
  after(() => server.remove())

  it('loses nothing acknowledged, and starts again by itself each time', async () => {
    const ledger = new Ledger(server, users, 'group')
    ledger.start()
    for (let round = 0; round < 3; round++) {
      await sleep(700 + 400 * round)
      server.kill()
      await sleep(100)
      await server.up()
    }
    await sleep(500)
    await ledger.stop()
    expect(ledger.acknowledged).to.be.above(20)
    await ledger.verify()
  })

  it('loses nothing when the kill is the last thing that happened', async () => {
    const ledger = new Ledger(server, users, 'last')
    ledger.start()
    await sleep(1_000)
    server.kill()
    await ledger.stop()
    await server.up()
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
