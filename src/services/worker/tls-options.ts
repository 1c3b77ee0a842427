/** The TLS of a service, from imapd.conf; a server whose certificate cannot be used runs without TLS and says why. */
import type { Options } from '../../config/options.js'
import type { Log } from '../../log/log.js'
import { type ServerTls, serverTls, TlsConfigurationError } from '../../net/tls-context.js'

/** Undefined without a certificate, or when it cannot be used, which is logged. */
export function tlsOf(options: Options, log: Log): ServerTls | undefined {
  const { tls_server_cert: cert, tls_server_key: key } = options
  if (!cert || cert === 'disabled' || key === 'disabled') return undefined
  try {
    return serverTls({
      cert,
      key: key ?? cert,
      ...(options.tls_client_ca_file ? { caFile: options.tls_client_ca_file } : {}),
      ...(options.tls_client_ca_dir ? { caDir: options.tls_client_ca_dir } : {}),
      versions: options.tls_versions,
      ciphers: options.tls_ciphers,
      preferServerCiphers: options.tls_prefer_server_ciphers,
      clientCertificate: clientCertificate(options),
      sessionTimeout: Math.min(options.tls_session_timeout, 24 * 3600),
    })
  } catch (error) {
    if (!(error instanceof TlsConfigurationError)) throw error
    log.event('error', { text: `TLS is off: ${error.message}` })
    return undefined
  }
}

/** Without an authority no certificate could be checked: then nobody is asked for one. */
function clientCertificate(options: Options): 'off' | 'optional' | 'require' {
  const checked = options.tls_client_ca_file || options.tls_client_ca_dir
  if (!checked && options.tls_client_certs === 'optional') return 'off'
  return options.tls_client_certs
}
