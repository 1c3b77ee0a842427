/** Passwords as scrypt hashes, computed on the thread pool: about 50 ms each, never on the event loop. */
import { randomBytes, scrypt } from 'node:crypto'
import { sameBytes } from './same-bytes.js'
import type { PasswordVerifier } from './sasldb-record.js'

const COST = { logN: 14, r: 8, p: 1 } as const
const HASH_SIZE = 32

export async function makeVerifier(password: string): Promise<PasswordVerifier> {
  const salt = randomBytes(16)
  return { ...COST, salt, hash: await derive(password, { ...COST, salt }) }
}

export async function verify(password: string, verifier: PasswordVerifier): Promise<boolean> {
  return sameBytes(await derive(password, verifier), verifier.hash)
}

/** As much work as `verify`, for users who do not exist. */
export async function pretendToVerify(password: string): Promise<void> {
  await derive(password, { ...COST, salt: Buffer.alloc(16) })
}

function derive(password: string, { logN, r, p, salt }: Omit<PasswordVerifier, 'hash'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_SIZE, { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
