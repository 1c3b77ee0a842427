// The hub's socket file: made, taken over from the dead, refused while somebody serves it.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { listenAt, NoSocket } from '../../../src/services/idled/listen.js'

describe('services/idled/listen', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'idled-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const refusal = (path: string): Promise<unknown> =>
    listenAt(createServer(), path).then(
      () => undefined,
      (error: unknown) => error,
    )

  it('makes the directory and a socket for this user alone', async () => {
    const server = createServer()
    await listenAt(server, join(dir, 'socket/idle'))
    expect((await stat(join(dir, 'socket/idle'))).mode & 0o777).to.equal(0o700)
    expect(await refusal(join(dir, 'socket/idle'))).to.be.instanceOf(NoSocket)
    server.close()
  })

  it('takes over what a dead idled left', async () => {
    await writeFile(join(dir, 'idle'), '')
    const server = createServer()
    await listenAt(server, join(dir, 'idle'))
    server.close()
  })

  it('says when the path is too long for a socket', async () => {
    expect(await refusal(join(dir, 'x'.repeat(100)))).to.be.instanceOf(NoSocket)
  })
})
