/** The arithmetic of DIGEST-MD5, for qop=auth. RFC 2831 §2.1.2.1 */
import { createHash } from 'node:crypto'

export interface DigestInput {
  /** H(user:realm:password), 16 octets. */
  readonly secret: Buffer
  readonly nonce: string
  readonly cnonce: string
  /** Eight hexadecimal digits. */
  readonly nc: string
  readonly uri: string
  /** Undefined when the client sent none. */
  readonly authzid: string | undefined
}

/** `AUTHENTICATE` is the client's proof, `` the server's (rspauth). 32 hexadecimal digits. */
export function digestResponse(method: 'AUTHENTICATE' | '', input: DigestInput): string {
  const { secret, nonce, cnonce, nc, uri, authzid } = input
  const suffix = `:${nonce}:${cnonce}${authzid === undefined ? '' : `:${authzid}`}`
  const a1 = md5(Buffer.concat([secret, Buffer.from(suffix)])).toString('hex')
  const a2 = md5(Buffer.from(`${method}:${uri}`)).toString('hex')
  return md5(Buffer.from(`${a1}:${nonce}:${nc}:${cnonce}:auth:${a2}`)).toString('hex')
}

/** H(user:realm:password). Text that fits into ISO 8859-1 is hashed as such even under charset=utf-8. */
export function digestSecret(user: string, realm: string, password: string): Buffer {
  return md5(Buffer.concat([narrow(user), Buffer.from(':'), narrow(realm), Buffer.from(':'), narrow(password)]))
}

function narrow(text: string): Buffer {
  return Buffer.from(text, /^[\x00-\xff]*$/.test(text) ? 'latin1' : 'utf8')
}

function md5(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest()
}
