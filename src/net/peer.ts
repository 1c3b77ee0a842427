/** Who is at the other end of a connection, as the logs and the limits see it. */
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export type Peer =
  | {
      readonly kind: 'tcp'
      readonly address: string
      readonly port: number
      readonly localAddress: string
      readonly localPort: number
    }
  | { readonly kind: 'unix' }
  | { readonly kind: 'memory' }

/**
 * Ask while it is connected: afterwards the kernel no longer knows, and the address is ''. What kind of socket it is does
 * not depend on that: a TCP client that is gone already must never pass for one of a UNIX socket, whom services trust.
 * An IPv4 address inside IPv6 is shown as IPv4.
 */
export function peerOf(stream: Duplex): Peer {
  if (!(stream instanceof Socket)) return { kind: 'memory' }
  if (isPipe(stream)) return { kind: 'unix' }
  const { remoteAddress, remotePort, localAddress, localPort } = stream
  return {
    kind: 'tcp',
    address: plainAddress(remoteAddress ?? ''),
    port: remotePort ?? 0,
    localAddress: plainAddress(localAddress ?? ''),
    localPort: localPort ?? 0,
  }
}

/** Node's own handle of a UNIX socket is a Pipe; of a TCP socket it is not, connected or not. */
function isPipe(socket: Socket): boolean {
  const handle: unknown = Reflect.get(socket, '_handle')
  return typeof handle === 'object' && handle !== null && handle.constructor.name === 'Pipe'
}

/** `::ffff:192.0.2.1` is `192.0.2.1` heard on a socket for both families. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** `[192.0.2.1]` as Cyrus logs it; a UNIX socket is `[unix]` there. */
export function showPeer(peer: Peer): string {
  return peer.kind === 'tcp' ? `[${peer.address}]` : `[${peer.kind}]`
}
