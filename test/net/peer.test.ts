/** What kind of socket a client has, also when the client is gone before anybody looks. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type ListenOptions, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { memoryPair } from '../../src/net/memory-pair.js'
import { type Peer, peerOf, plainAddress, showPeer } from '../../src/net/peer.js'

/** The peer as seen after the client has sent something and gone. */
async function goneBefore(options: ListenOptions): Promise<Peer> {
  const server = createServer({ pauseOnConnect: true }).listen(options)
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const client = typeof address === 'string' ? connect(address) : connect(address?.port ?? 0, '127.0.0.1')
  client.write('LHLO there\r\n')
  const socket = await accepted
  client.destroy()
  if (typeof address !== 'string') client.resetAndDestroy()
  await new Promise((resolve) => setTimeout(resolve, 20))
  const peer = peerOf(socket)
  socket.destroy()
  server.close()
  return peer
}

describe('net peer', () => {
  it('never takes a TCP client for one of a UNIX socket, whom services trust', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'angarium-peer-'))
    expect((await goneBefore({ port: 0, host: '127.0.0.1' })).kind).to.equal('tcp')
    expect((await goneBefore({ path: join(directory, 's') })).kind).to.equal('unix')
    expect(peerOf(memoryPair()[0]).kind).to.equal('memory')
    rmSync(directory, { recursive: true })
  })

  it('shows addresses as logs do', () => {
    expect(plainAddress('::ffff:192.0.2.1')).to.equal('192.0.2.1')
    expect(plainAddress('2001:db8::1')).to.equal('2001:db8::1')
    expect(showPeer({ kind: 'unix' })).to.equal('[unix]')
    const peer = { kind: 'tcp', address: '192.0.2.1', port: 1, localAddress: '', localPort: 2 } as const
    expect(showPeer(peer)).to.equal('[192.0.2.1]')
  })
})
