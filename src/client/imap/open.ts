// Opening an IMAP connection: dialling, TLS, greeting.
import { isIP } from 'node:net'
import type { ConnectionOptions as TlsOptions } from 'node:tls'
import { ConnectionError } from '../../net/errors.js'
import { startClientTls, type TlsSession } from '../../net/tls.js'
import { type Address, dial } from '../dial.js'
import { ImapClient } from './client.js'
import { ImapLost, ImapRefused } from './errors.js'

/** `wrapped`: TLS from the first octet; `required`: STARTTLS or nothing; `offered`: STARTTLS where there is. */
export type TlsUse = 'wrapped' | 'required' | 'offered' | 'off'

export interface OpenOptions {
  readonly address: Address
  readonly tls: TlsUse
  /** Authorities, own certificate, whether an unknown certificate is refused. */
  readonly tlsOptions?: TlsOptions
  /** Milliseconds for connecting, and for each answer. */
  readonly timeout?: number
}

export interface OpenedImap {
  readonly client: ImapClient
  readonly tls: TlsSession | undefined
}

const MINUTE = 60_000

/** Throws ImapLost. */
export async function openImap(options: OpenOptions): Promise<OpenedImap> {
  try {
    return await open(options)
  } catch (error) {
    if (error instanceof ConnectionError) throw new ImapLost(error.message, { cause: error })
    throw error
  }
}

async function open({ address, tls, tlsOptions = {}, timeout = MINUTE }: OpenOptions): Promise<OpenedImap> {
  const connection = await dial(address, timeout)
  const named = 'host' in address && isIP(address.host) === 0 ? { servername: address.host, ...tlsOptions } : tlsOptions
  try {
    const wrapped = tls === 'wrapped' ? await startClientTls(connection, named) : undefined
    const client = await ImapClient.greet(connection)
    const upgraded = wrapped || tls === 'off' ? undefined : await startTls(client, tls, named)
    return { client, tls: wrapped ?? upgraded }
  } catch (error) {
    connection.destroy()
    throw error
  }
}

/** STARTTLS where it is offered. RFC 9051 §6.2.1 */
async function startTls(client: ImapClient, use: TlsUse, options: TlsOptions): Promise<TlsSession | undefined> {
  const offered = (await client.capabilities()).has('STARTTLS')
  if (!offered && use === 'required') throw new ImapLost('the server does not offer STARTTLS')
  if (!offered) return undefined
  try {
    await client.run(['STARTTLS'])
  } catch (error) {
    if (error instanceof ImapRefused && use === 'offered') return undefined
    throw error
  }
  client.startOver()
  return startClientTls(client.connection, options)
}
