/** TLS contexts from the files that imapd.conf names, read and checked at start, with errors that name the file and the remedy. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'

/** What tls_* options say; paths absolute. */
export interface TlsFiles {
  /** PEM, the certificate and the chain above it. */
  readonly cert: string
  /** PEM; often the same file as `cert`. */
  readonly key: string
  /** PEM certificates to send after those in `cert`. */
  readonly chainFile?: string
  /** PEM list of client certificates that no longer count. */
  readonly crlFile?: string
  /** PEM certificates that clients' certificates are checked against. */
  readonly caFile?: string
  /** A directory of such files, every file in it. */
  readonly caDir?: string
}

export interface TlsOptions extends TlsFiles {
  /** As in imapd.conf: `tls1_2`, `tls1_3`; older ones are ignored, Node's OpenSSL has them off. */
  readonly versions: readonly string[]
  /** An OpenSSL cipher list; `DEFAULT` is Node's own. */
  readonly ciphers: string
  readonly preferServerCiphers: boolean
  /** Groups for the key exchange, divided by colons; `auto` is Node's own choice. */
  readonly curves: string
  /** Whether a client is asked for a certificate: `require` ends the handshake of one without. */
  readonly clientCertificate: 'off' | 'optional' | 'require'
  /** 48 octets that all workers share, so that each resumes what another began. */
  readonly ticketKeys?: Buffer
  /** Seconds that a session may be resumed. */
  readonly sessionTimeout: number
}

/** A file that cannot be used: the message names it and says what to do. */
export class TlsConfigurationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TlsConfigurationError'
  }
}

export interface ServerTls {
  readonly context: SecureContext
  readonly clientCertificate: TlsOptions['clientCertificate']
  /** The certificate sent, DER: for tls-server-end-point channel binding. */
  readonly certificate: X509Certificate
}

/** Read the files and make the context. Throws TlsConfigurationError. */
export function serverTls(options: TlsOptions): ServerTls {
  const cert = readPem(options.cert, 'tls_server_cert')
  const key = readPem(options.key, 'tls_server_key')
  const certificate = parse(options.cert, 'a certificate', () => new X509Certificate(cert))
  const privateKey = parse(options.key, 'a private key without passphrase', () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey))
    throw new TlsConfigurationError(
      `tls_server_key ${options.key} is not the key of tls_server_cert ${options.cert}: name the pair that was made together`,
    )
  const settings = contextOptions(options)
  const chain = options.chainFile ? [cert, Buffer.from('\n'), readPem(options.chainFile, 'tls_server_ca_file')] : [cert]
  try {
    return {
      context: createSecureContext({ ...settings, cert: Buffer.concat(chain), key }),
      clientCertificate: options.clientCertificate,
      certificate,
    }
  } catch (error) {
    throw new TlsConfigurationError(
      `TLS cannot be set up: ${reason(error)}; check tls_ciphers, tls_eccurve and tls_versions`,
      {
        cause: error,
      },
    )
  }
}

function contextOptions(options: TlsOptions): SecureContextOptions {
  const ca = authorities(options)
  return {
    ...versionRange(options.versions),
    ...(options.ciphers === 'DEFAULT' || options.ciphers === '' ? {} : { ciphers: options.ciphers }),
    ...(options.curves === 'auto' || options.curves === '' ? {} : { ecdhCurve: options.curves }),
    ...(options.crlFile ? { crl: readPem(options.crlFile, 'tls_crl_file') } : {}),
    honorCipherOrder: options.preferServerCiphers,
    ...(ca.length > 0 ? { ca } : {}),
    ...(options.ticketKeys ? { ticketKeys: options.ticketKeys } : {}),
    sessionTimeout: options.sessionTimeout,
    sessionIdContext: 'angarium',
  }
}

/** Only 1.2 and 1.3 exist here; a list without either is a mistake. */
export function versionRange(versions: readonly string[]): Pick<SecureContextOptions, 'minVersion' | 'maxVersion'> {
  const two = versions.includes('tls1_2')
  const three = versions.includes('tls1_3')
  if (!two && !three)
    throw new TlsConfigurationError(`tls_versions names neither tls1_2 nor tls1_3: ${versions.join(' ')}`)
  return { minVersion: two ? 'TLSv1.2' : 'TLSv1.3', maxVersion: three ? 'TLSv1.3' : 'TLSv1.2' }
}

function authorities({ caFile, caDir }: TlsFiles): Buffer[] {
  const found: Buffer[] = []
  if (caFile) found.push(readPem(caFile, 'tls_client_ca_file'))
  if (caDir) {
    const names = parse(caDir, 'a directory of certificates', () => readdirSync(caDir))
    for (const name of names) {
      const bytes = readPem(join(caDir, name), 'tls_client_ca_dir')
      if (bytes.includes('-----BEGIN CERTIFICATE-----')) found.push(bytes)
    }
  }
  return found
}

function readPem(path: string, option: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const remedy = isAccess(error) ? 'let the cyrus user read it' : 'give the path of a PEM file'
    throw new TlsConfigurationError(`${option} ${path} cannot be read: ${reason(error)}; ${remedy}`, { cause: error })
  }
}

function parse<T>(path: string, what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new TlsConfigurationError(`${path} does not hold ${what} in PEM form: ${reason(error)}`, { cause: error })
  }
}

function isAccess(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
