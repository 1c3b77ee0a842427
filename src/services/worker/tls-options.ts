/** The TLS of a service, from imapd.conf; a server whose certificate cannot be used runs without TLS and says why. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from '../../config/options.js'
import type { Log } from '../../log/log.js'
import { ticketKeys } from '../../net/ticket-keys.js'
import { type ServerTls, serverTls, TlsConfigurationError } from '../../net/tls-context.js'

/** Milliseconds between looks at the files. */
const EVERY = 10_000

/**
 * The certificate and ticket keys of the moment: read again when the files change, so that a renewed certificate needs
 * no restart. Undefined without a certificate; one that cannot be used is logged, and the last good one stays.
 */
export function currentTls(options: Options, log: Log, now: () => number = Date.now): () => ServerTls | undefined {
  const { tls_server_cert: cert, tls_server_key: key } = options
  if (!cert || cert === 'disabled' || key === 'disabled') return () => undefined
  const tickets = join(options.configdirectory, 'socket', 'tls-tickets')
  let [current, looked, stamp] = [undefined as ServerTls | undefined, Number.NEGATIVE_INFINITY, '']
  const look = (): ServerTls | undefined => {
    if (now() - looked < EVERY) return current
    looked = now()
    const keys = ticketKeys(tickets, now())
    const seen = [stampOf(cert), stampOf(key ?? cert), keys?.toString('base64')].join(' ')
    if (seen === stamp) return current
    stamp = seen
    try {
      current = serverTls(tlsOptions(options, { cert, key: key ?? cert, keys }))
    } catch (error) {
      if (!(error instanceof TlsConfigurationError)) throw error
      log.event('error', { text: `${current ? 'the old certificate stays' : 'TLS is off'}: ${error.message}` })
    }
    return current
  }
  look() // at start, so that what is wrong is said then
  return look
}

function tlsOptions(
  options: Options,
  { cert, key, keys }: { cert: string; key: string; keys: Buffer | undefined },
): Parameters<typeof serverTls>[0] {
  return {
    cert,
    key,
    ...(options.tls_client_ca_file ? { caFile: options.tls_client_ca_file } : {}),
    ...(options.tls_client_ca_dir ? { caDir: options.tls_client_ca_dir } : {}),
    ...(options.tls_server_ca_file ? { chainFile: options.tls_server_ca_file } : {}),
    ...(options.tls_crl_file ? { crlFile: options.tls_crl_file } : {}),
    versions: options.tls_versions,
    curves: options.tls_eccurve,
    ciphers: options.tls_ciphers,
    preferServerCiphers: options.tls_prefer_server_ciphers,
    clientCertificate: clientCertificate(options),
    ...(keys ? { ticketKeys: keys } : {}),
    sessionTimeout: Math.min(options.tls_session_timeout, 24 * 3600),
  }
}

function stampOf(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false })
  return status ? `${status.ino}.${status.size}.${status.mtimeMs}` : ''
}

/** Without an authority no certificate could be checked: then nobody is asked for one. */
function clientCertificate(options: Options): 'off' | 'optional' | 'require' {
  const checked = options.tls_client_ca_file || options.tls_client_ca_dir
  if (!checked && options.tls_client_certs === 'optional') return 'off'
  return options.tls_client_certs
}
