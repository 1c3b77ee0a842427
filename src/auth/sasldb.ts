/** Our password database: users by name and realm, with what the mechanisms on offer need of their passwords. */
import { randomBytes } from 'node:crypto'
import { chownSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Environment } from '../db/environment.js'
import type { Table } from '../db/table.js'
import { digestSecret } from './mechanisms/digest-md5-response.js'
import { makeVerifier } from './password-verifier.js'
import type { ScramHash, ScramSecret } from './sasl.js'
import { type SasldbKey, type SasldbRecord, sasldbTable } from './sasldb-record.js'
import { scramSecret } from './scram-keys.js'

/** Which forms of a password are kept. The scrypt verifier always is. */
export interface Kept {
  /** The password itself: CRAM-MD5 and APOP cannot do without it. */
  readonly plain: boolean
  readonly scram: readonly ScramHash[]
  readonly digestMd5: boolean
}

/** The database cannot be used; the message says why and what to do. */
export class SasldbError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SasldbError'
  }
}

export class Sasldb {
  readonly #environment: Environment
  readonly #users: Table<SasldbKey, SasldbRecord>

  /** Opens it, makes it if missing. Throws SasldbError. */
  constructor(path: string) {
    this.#environment = openEnvironment(path)
    this.#users = this.#environment.table(sasldbTable)
    giveToOwner(path)
  }

  find(key: SasldbKey): SasldbRecord | undefined {
    return this.#environment.read(() => this.#users.get(key))
  }

  /** `existing`: only when there is such a user. Returns whether it was done; durable then. */
  async setPassword(
    key: SasldbKey,
    { password, kept, existing }: { password: string; kept: Kept; existing: boolean },
  ): Promise<boolean> {
    const record = await recordOf(key, password, kept)
    return this.#environment.write(() => {
      if (existing && !this.#users.has(key)) return false
      this.#users.put(key, record)
      return true
    })
  }

  /** Returns whether there was such a user. */
  remove(key: SasldbKey): boolean {
    return this.#environment.write(() => this.#users.remove(key))
  }

  /** All users, by name. */
  list(): { key: SasldbKey; record: SasldbRecord }[] {
    return this.#environment.read(() => [...this.#users.range()].map(({ key, value }) => ({ key, record: value })))
  }

  async close(): Promise<void> {
    await this.#environment.close()
  }
}

export async function recordOf(key: SasldbKey, password: string, kept: Kept): Promise<SasldbRecord> {
  const scram: Partial<Record<ScramHash, ScramSecret>> = {}
  for (const hash of kept.scram) scram[hash] = await scramSecret(hash, { password, salt: randomBytes(16) })
  return {
    version: randomBytes(9).toString('base64'),
    verifier: await makeVerifier(password),
    ...(kept.plain ? { plain: password } : {}),
    ...(kept.scram.length > 0 ? { scram } : {}),
    ...(kept.digestMd5 ? { digestMd5: digestSecret(key.user, key.realm, password) } : {}),
  }
}

function openEnvironment(path: string): Environment {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile())
      throw new SasldbError(`${path} is a password file of libsasl: point sasl_sasldb_path to a directory of its own`)
    return new Environment({ path, durable: true })
  } catch (error) {
    if (error instanceof SasldbError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new SasldbError(`the password database ${path} cannot be opened: ${reason}`, { cause: error })
  }
}

/** What root made belongs to whom the directory above belongs, or the cyrus user could not read it. */
function giveToOwner(path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  for (const name of [path, ...readdirSync(path).map((each) => join(path, each))]) chownSync(name, uid, gid)
}
