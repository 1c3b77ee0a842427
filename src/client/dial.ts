// Opening a connection to a server: a UNIX socket, or a host and port.
import { connect, type Socket } from 'node:net'
import { Connection } from '../net/connection.js'
import { ConnectionError } from '../net/errors.js'

export type Address = { readonly path: string } | { readonly host: string; readonly port: number }

/**
 * Connects. `timeout`, in milliseconds, bounds the connecting, and then each wait for the server.
 * Throws ConnectionError; its message names the address.
 */
export async function dial(address: Address, timeout: number): Promise<Connection> {
  const socket = 'path' in address ? connect(address.path) : connect(address.port, address.host)
  await connected(socket, address, timeout)
  if ('host' in address) socket.setNoDelay(true)
  return new Connection(socket, { timeout })
}

function connected(socket: Socket, address: Address, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (kind: 'closed' | 'timeout', why: string, cause?: Error): void => {
      socket.destroy()
      reject(new ConnectionError(kind, `cannot connect to ${showAddress(address)}: ${why}`, { cause }))
    }
    const late = setTimeout(() => fail('timeout', `no answer in ${timeout} ms`), timeout)
    const failed = (error: Error): void => {
      clearTimeout(late)
      fail('closed', reason(error), error)
    }
    socket.once('error', failed)
    socket.once('connect', () => {
      clearTimeout(late)
      socket.off('error', failed)
      resolve()
    })
  })
}

export const showAddress = (address: Address): string =>
  'path' in address
    ? address.path
    : address.host.includes(':')
      ? `[${address.host}]:${address.port}`
      : `${address.host}:${address.port}`

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOENT: 'no such socket',
  EACCES: 'permission denied',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  ENETUNREACH: 'network unreachable',
  EHOSTUNREACH: 'host unreachable',
}

/** Names with several addresses fail with one error for each: the first is told. */
function reason(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code = first instanceof Error && 'code' in first ? String(first.code) : ''
  return reasons[code] ?? (first instanceof Error ? first.message : String(first))
}
