/** Connections: lines, bounds, back-pressure and timeouts, over memory, TCP and UNIX sockets alike. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { expect } from 'chai'
import { Connection } from '../../src/net/connection.js'
import { startDeflate } from '../../src/net/deflate.js'
import { ConnectionError, LineTooLong } from '../../src/net/errors.js'
import { memoryPair } from '../../src/net/memory-pair.js'

type Pair = readonly [Connection, Duplex]

const cleanups: (() => void)[] = []

async function socketPair(listen: (server: Server) => void, target: (server: Server) => Socket): Promise<Pair> {
  const server = createServer()
  listen(server)
  await new Promise((resolve) => server.once('listening', resolve))
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const client = target(server)
  cleanups.push(() => {
    client.destroy()
    server.close()
  })
  return [new Connection(await accepted), client]
}

const kinds: Record<string, () => Promise<Pair>> = {
  memory: async () => {
    const [left, right] = memoryPair()
    return [new Connection(left), right]
  },
  tcp: () =>
    socketPair(
      (server) => server.listen(0, '127.0.0.1'),
      (server) => {
        const address = server.address()
        return connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
      },
    ),
  unix: () => {
    const directory = mkdtempSync(join(tmpdir(), 'angarium-net-'))
    cleanups.push(() => rmSync(directory, { recursive: true }))
    return socketPair(
      (server) => server.listen(join(directory, 's')),
      () => connect(join(directory, 's')),
    )
  },
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

for (const [kind, pair] of Object.entries(kinds)) {
  describe(`net connection over ${kind}`, () => {
    let here: Connection
    let there: Duplex

    beforeEach(async () => {
      ;[here, there] = await pair()
    })
    afterEach(() => {
      here.destroy()
      there.destroy()
      for (const clean of cleanups.splice(0)) clean()
    })

    it('reads lines, then bytes, then the end', async () => {
      there.write('one\r\ntwo\nabcdef')
      there.end('gh')
      expect((await here.readLine(100))?.toString()).to.equal('one')
      expect((await here.readLine(100))?.toString()).to.equal('two')
      expect((await here.readExactly(5))?.toString()).to.equal('abcde')
      here.unread(Buffer.from('-'))
      expect((await here.readExactly(4))?.toString()).to.equal('-fgh')
      expect(await here.read()).to.equal(undefined)
      expect(await here.readLine(10)).to.equal(undefined)
    })

    it('still answers a client that has closed its side', async () => {
      there.end('QUIT\r\n')
      await here.readLine(10)
      expect(await here.read()).to.equal(undefined)
      here.write('bye\r\n')
      const seen: Buffer[] = []
      there.on('data', (chunk: Buffer) => seen.push(chunk))
      await here.close()
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(Buffer.concat(seen).toString()).to.equal('bye\r\n')
    })

    it('passes over a line that is too long and goes on with the next', async () => {
      there.write(Buffer.alloc(300_000, 97))
      there.write('\r\nnext\r\n')
      expect(await rejection(here.readLine(1000))).to.be.instanceOf(LineTooLong)
      expect((await here.readLine(1000))?.toString()).to.equal('next')
      there.write(`${'b'.repeat(1000)}\r\n${'c'.repeat(1001)}\r\nz\r\n`)
      expect((await here.readLine(1000))?.length).to.equal(1000)
      expect(await rejection(here.readLine(1000))).to.be.instanceOf(LineTooLong)
      expect((await here.readLine(1000))?.toString()).to.equal('z')
    })

    it('makes a fast sender wait', async () => {
      for (let i = 0; i < 128; i++) there.write(Buffer.alloc(64 * 1024))
      await here.readable()
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(here.buffered).to.be.lessThan(512 * 1024)
      let total = 0
      while (total < 8 * 1024 * 1024) total += (await here.read())?.length ?? 0
      expect(total).to.equal(8 * 1024 * 1024)
    })

    it('is congested by a slow reader, and drains when it reads', async () => {
      const piece = Buffer.alloc(100_000, 98)
      let sent = 0
      while (!here.congested && sent < 100e6) {
        here.write(piece)
        sent += piece.length
        if (here.congested) await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect(here.congested).to.equal(true)
      let seen = 0
      there.on('data', (chunk: Buffer) => {
        seen += chunk.length
      })
      await here.drained()
      await here.flushed()
      for (let waited = 0; seen < sent && waited < 2000; waited += 5)
        await new Promise((resolve) => setTimeout(resolve, 5))
      expect(seen).to.equal(sent)
    })

    it('times out once and can still say so', async () => {
      here.timeout = 10
      const error = await rejection(here.readLine(10))
      expect(error).to.be.instanceOf(ConnectionError)
      expect((error as ConnectionError).kind).to.equal('timeout')
      here.write('bye\r\n')
      const answer = new Promise<string>((resolve) => there.once('data', (chunk: Buffer) => resolve(chunk.toString())))
      expect(await answer).to.equal('bye\r\n')
    })

    it('gives up a peer that does not read', async () => {
      here.timeout = 30
      for (let i = 0; i < 200; i++) here.write(Buffer.alloc(100_000))
      const error = await rejection(here.flushed())
      expect(error).to.be.instanceOf(ConnectionError)
      expect((error as ConnectionError).kind).to.equal('timeout')
      expect(here.closed).to.equal(true)
    })

    it('wakes a reader when it is destroyed here', async () => {
      const waiting = rejection(here.read())
      here.destroy()
      expect(await waiting).to.be.instanceOf(ConnectionError)
      here.write('nobody hears this')
    })

    it('compresses both ways', async () => {
      const peer = new Connection(there)
      await Promise.all([startDeflate(here), startDeflate(peer)])
      here.write('a '.repeat(50_000))
      expect((await peer.readExactly(100_000))?.toString()).to.equal('a '.repeat(50_000))
      peer.write('hello\r\n')
      expect((await here.readLine(100))?.toString()).to.equal('hello')
      void peer.close()
      expect(await here.read()).to.equal(undefined)
    })
  })
}
