/** What sasldb keeps of one user, and how it is written: a JSON object with base64 for octets. */
import type { Codec, TableDeclaration } from '../db/table.js'
import type { ScramHash, ScramSecret } from './sasl.js'

export interface SasldbRecord {
  /** New with every change: what was remembered of an older one no longer counts. */
  readonly version: string
  /** Only when a mechanism cannot do without it. */
  readonly plain?: string
  /** scrypt of the password. */
  readonly verifier?: PasswordVerifier
  readonly scram?: Readonly<Partial<Record<ScramHash, ScramSecret>>>
  /** H(user:realm:password). */
  readonly digestMd5?: Buffer
}

/** scrypt, RFC 7914: cost 2^logN, block size r, parallelism p. */
export interface PasswordVerifier {
  readonly logN: number
  readonly r: number
  readonly p: number
  readonly salt: Buffer
  readonly hash: Buffer
}

export interface SasldbKey {
  readonly user: string
  readonly realm: string
}

const key: Codec<SasldbKey> = {
  encode: ({ user, realm }) => Buffer.from(`${user}\0${realm}`),
  decode: (bytes) => {
    const [user = '', realm = ''] = bytes.toString().split('\0')
    return { user, realm }
  },
}

const value: Codec<SasldbRecord> = {
  encode: (record) => Buffer.from(JSON.stringify(record, packOctets)),
  decode: (bytes) => JSON.parse(bytes.toString(), unpackOctets) as SasldbRecord,
}

/** Buffer.toJSON has run before: it made `{ type: 'Buffer', data: […] }` of it. */
function packOctets(_name: string, value: unknown): unknown {
  return isOctets(value) ? { octets: Buffer.from(value.data).toString('base64') } : value
}

function unpackOctets(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('octets' in value)) return value
  return Buffer.from(String(value.octets), 'base64')
}

function isOctets(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value
}

export const sasldbTable: TableDeclaration<SasldbKey, SasldbRecord> = { name: 'users', version: 1, key, value }
