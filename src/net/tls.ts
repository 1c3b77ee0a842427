/** TLS on a connection: the handshake of a server and of a client, and what is known after it. */
import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions as ClientTlsOptions, connect, TLSSocket } from 'node:tls'
import type { Connection } from './connection.js'
import { ConnectionError } from './errors.js'
import type { ServerTls } from './tls-context.js'

/** What the log and SASL want to know of a handshake. */
export interface TlsSession {
  /** `TLSv1.3` */
  readonly protocol: string
  readonly cipher: string
  /** Taken up from an earlier session. */
  readonly reused: boolean
  /** The common name of the client's certificate; only when a known authority signed it. */
  readonly clientName: string | undefined
  /** RFC 9266 and RFC 5929: bytes that both ends of just this TLS session can compute, for SCRAM-*-PLUS. */
  channelBinding(type: 'tls-exporter' | 'tls-server-end-point'): Buffer | undefined
}

/** The server's half of a handshake, now. Throws ConnectionError `tls`. */
export async function startServerTls(connection: Connection, tls: ServerTls): Promise<TlsSession> {
  const socket = await connection.addLayer(async (below) => {
    const layer = new TLSSocket(plainSocket(below), {
      isServer: true,
      secureContext: tls.context,
      requestCert: tls.clientCertificate !== 'off',
      rejectUnauthorized: false,
    })
    await handshake(layer, 'secure')
    if (tls.clientCertificate === 'require' && clientNameOf(layer) === undefined)
      throw new ConnectionError('tls', 'the client sent no certificate that a known authority signed')
    return layer
  })
  return session(socket, () => tls.certificate.raw, clientNameOf(socket))
}

/**
 * The client's half, now; `keep` gets the session for a later resumption. Throws ConnectionError `tls`, also when the
 * server's certificate is not trusted.
 */
export async function startClientTls(
  connection: Connection,
  options: ClientTlsOptions,
  keep?: (session: Buffer) => void,
): Promise<TlsSession> {
  const socket = await connection.addLayer(async (below) => {
    const layer = connect({ ...options, socket: below })
    if (keep) layer.on('session', keep)
    await handshake(layer, 'secureConnect')
    return layer
  })
  return session(socket, () => socket.getPeerX509Certificate()?.raw, undefined)
}

function handshake(socket: TLSSocket, event: 'secure' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      socket.off(event, settle).off('error', settle).off('close', closed).off('end', closed)
      if (error instanceof Error) {
        socket.on('error', () => undefined)
        socket.destroy()
        reject(new ConnectionError('tls', error.message, { cause: error }))
      } else resolve()
    }
    const closed = (): void => settle(new Error('connection closed during the handshake'))
    socket.on(event, settle).on('error', settle).on('close', closed).on('end', closed)
  })
}

function session(socket: TLSSocket, certificate: () => Buffer | undefined, clientName: string | undefined): TlsSession {
  const protocol = socket.getProtocol() ?? 'TLS'
  return {
    protocol,
    cipher: socket.getCipher().name,
    reused: socket.isSessionReused(),
    clientName,
    channelBinding(type) {
      if (type === 'tls-server-end-point') {
        const der = certificate()
        return der && createHash('sha256').update(der).digest()
      }
      // RFC 9266 §4.2: with TLS 1.2 it is only unique under the extended master secret, of which Node tells nothing.
      return protocol === 'TLSv1.3'
        ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
        : undefined
    },
  }
}

/** Node sets `authorized` only on sockets of a tls.Server, so OpenSSL's verdict is asked for. */
function clientNameOf(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate()
  if (!certificate || verdict(socket) !== null) return undefined
  const name = /^CN=(.+)$/m.exec(certificate.subject ?? '')
  return name?.[1]
}

function verdict(socket: TLSSocket): unknown {
  const inner: unknown = Reflect.get(socket, '_handle')
  if (typeof inner !== 'object' || inner === null) return 'unknown'
  const verifyError: unknown = Reflect.get(inner, 'verifyError')
  return typeof verifyError === 'function' ? (verifyError.call(inner) ?? null) : 'unknown'
}

/** TLSSocket takes any Duplex (it wraps what has no handle); its type says Socket only. */
function plainSocket(below: Duplex): ConstructorParameters<typeof TLSSocket>[0] {
  return below as ConstructorParameters<typeof TLSSocket>[0]
}
