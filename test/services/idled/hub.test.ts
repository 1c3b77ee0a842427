// The change hub and its clients over a real socket: who hears what, how fast, and what happens when one of them dies.
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { HubClient, type News } from '../../../src/net/hub-client.js'
import { type HubFrame, HubFrameReader, writeHubFrame } from '../../../src/net/hub-frame.js'
import { memoryPair } from '../../../src/net/memory-pair.js'
import { changeHub, type Hub } from '../../../src/services/idled/hub.js'

describe('services/idled/hub', () => {
  let dir: string
  let path: string
  let hub: Hub
  let clients: HubClient[]

  const listen = (on: Hub) => new Promise<void>((resolve) => on.server.listen(path, () => resolve()))
  const client = (pollEvery = 0) => {
    const made = new HubClient({ path, pollEvery, retryAfter: 5 })
    clients.push(made)
    return made
  }
  /** Subscribes, and waits until the hub has it. */
  const hearing = async (at: HubClient, key: string) => {
    const heard: News[] = []
    const stop = at.subscribe(key, (news) => heard.push(news))
    await until(() => heard.length > 0)
    heard.length = 0
    return { heard, stop }
  }

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hub-'))
    path = join(dir, 'idle')
    clients = []
    hub = changeHub()
    await listen(hub)
  })
  afterEach(async () => {
    await Promise.all(clients.map((each) => each.close(20)))
    await hub.close()
    await rm(dir, { recursive: true })
  })

  it('passes an announcement to those who subscribed, and to no one else', async () => {
    const [one, two, three] = [client(), client(), client()]
    const [inbox, other, own] = [
      await hearing(two, 'inbox'),
      await hearing(three, 'other'),
      await hearing(one, 'inbox'),
    ]
    one.announce('inbox', 7n)
    expect(own.heard).to.deep.equal([{ kind: 'changed', modSeq: 7n }])
    await until(() => inbox.heard.length > 0)
    expect(inbox.heard).to.deep.equal([{ kind: 'changed', modSeq: 7n }])
    inbox.stop()
    one.announce('inbox', 8n)
    one.announce('other', 1n)
    await until(() => other.heard.length > 0)
    expect(inbox.heard).to.have.length(1)
    expect(own.heard).to.have.length(2)
  })

  it('announces once what is announced twice in one turn', async () => {
    const [one, two] = [client(), client()]
    const { heard } = await hearing(two, 'inbox')
    one.announce('inbox', 3n)
    one.announce('inbox', 4n)
    one.announce('inbox', 2n)
    await until(() => heard.length > 0)
    await sleep(10)
    expect(heard).to.deep.equal([{ kind: 'changed', modSeq: 4n }])
  })

  it('hears again after the hub died, and is told to look', async () => {
    const [one, two] = [client(), client()]
    const { heard } = await hearing(two, 'inbox')
    await hearing(one, 'other')
    await hub.close()
    await until(() => !one.connected && !two.connected)
    one.announce('inbox', 9n)
    hub = changeHub()
    await listen(hub)
    await until(() => heard.some((news) => news.kind === 'poll'))
    one.announce('inbox', 10n)
    await until(() => heard.some((news) => news.kind === 'changed' && news.modSeq === 10n))
  })

  it('polls when there is no hub', async () => {
    await hub.close()
    const heard: News[] = []
    client(15).subscribe('inbox', (news) => heard.push(news))
    await until(() => heard.length > 0)
    expect(heard[0]).to.deep.equal({ kind: 'poll' })
    hub = changeHub()
  })

  it('tells everybody to look when more was announced than can be remembered', async () => {
    const [one, two] = [client(), client()]
    const { heard } = await hearing(two, 'inbox')
    for (let key = 0; key < 5000; key++) one.announce(`key ${key}`, 1n)
    await until(() => heard.length > 0)
    expect(heard[0]).to.deep.equal({ kind: 'poll' })
  })

  it('queues a bounded amount for a worker that does not read', async () => {
    const [slow, hubSide] = memoryPair()
    hub.server.emit('connection', hubSide as Socket)
    slow.write(
      Buffer.concat([writeHubFrame({ kind: 'hello', key: '1' }), writeHubFrame({ kind: 'subscribe', key: 'k' })]),
    )
    const one = client()
    await hearing(one, 'other')
    await until(() => hub.count().keys === 2)
    for (let round = 0n; round < 40n; round++) {
      for (let turn = 1n; turn < 1000n; turn++) {
        one.announce('k', round * 1000n + turn)
        await Promise.resolve()
      }
      await sleep(1)
    }
    const frames: HubFrame[] = []
    const reader = new HubFrameReader()
    slow.on('data', (slice: Buffer) => frames.push(...reader.read(slice)))
    await until(() => frames.some(({ kind }) => kind === 'lost'))
    expect(frames.length).to.be.lessThan(39_000)
    slow.destroy()
  })

  it('hangs up on what speaks something else, and serves the others', async () => {
    const one = client()
    const { heard } = await hearing(one, 'inbox')
    const stranger = connect(path)
    stranger.on('error', () => undefined)
    let gone = false
    stranger.on('close', () => {
      gone = true
    })
    stranger.write('GET / HTTP/1.0\r\n\r\n')
    await until(() => gone)
    client().announce('inbox', 1n)
    await until(() => heard.length > 0)
  })

  it('is forgotten when it hangs up', async () => {
    const one = client()
    await hearing(one, 'inbox')
    expect(hub.count()).to.deep.equal({ workers: 1, keys: 1 })
    await one.close()
    await until(() => hub.count().workers === 0)
    expect(hub.count().keys).to.equal(0)
  })
})

async function until(what: () => boolean): Promise<void> {
  const end = Date.now() + 1500
  while (!what()) {
    if (Date.now() > end) throw new Error('waited in vain')
    await sleep(2)
  }
}
