/** The keys of SCRAM, from a password, and the proofs made of them. RFC 5802 §3, RFC 7677 */
import { createHash, createHmac, pbkdf2 } from 'node:crypto'
import type { ScramHash, ScramSecret } from './sasl.js'

/** RFC 7677 §4 asks for 4096 at least. About 2 ms. */
export const scramIterations = 10_000

/** Octets of the hash. */
export const hashSize: Record<ScramHash, number> = { sha1: 20, sha256: 32 }

/** PBKDF2 runs on the thread pool. Throws when SASLprep forbids the password. */
export async function saltedPassword(
  hash: ScramHash,
  { password, salt, iterations }: { password: string; salt: Buffer; iterations: number },
): Promise<Buffer> {
  const prepared = await prepare(password)
  return new Promise((resolve, reject) => {
    pbkdf2(prepared, salt, iterations, hashSize[hash], hash, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

export async function scramSecret(
  hash: ScramHash,
  { password, salt, iterations = scramIterations }: { password: string; salt: Buffer; iterations?: number },
): Promise<ScramSecret> {
  const salted = await saltedPassword(hash, { password, salt, iterations })
  const { storedKey, serverKey } = keysOf(hash, salted)
  return { salt, iterations, storedKey, serverKey }
}

export function keysOf(hash: ScramHash, salted: Buffer): { clientKey: Buffer; storedKey: Buffer; serverKey: Buffer } {
  const clientKey = hmac(hash, salted, 'Client Key')
  return { clientKey, storedKey: digest(hash, clientKey), serverKey: hmac(hash, salted, 'Server Key') }
}

export function hmac(hash: ScramHash, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest()
}

export function digest(hash: ScramHash, bytes: Buffer): Buffer {
  return createHash(hash).update(bytes).digest()
}

/** Of two Buffers of one length. */
export function xor(left: Buffer, right: Buffer): Buffer {
  const result = Buffer.alloc(left.length)
  for (let i = 0; i < left.length; i++) result[i] = (left[i] ?? 0) ^ (right[i] ?? 0)
  return result
}

/** SASLprep, RFC 4013; its tables are only loaded for what is not plain ASCII. */
export async function prepare(text: string): Promise<string> {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const { saslprep } = await import('@mongodb-js/saslprep')
  return saslprep(text)
}
