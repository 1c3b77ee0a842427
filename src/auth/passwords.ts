/** Where passwords live: sasl_pwcheck_method's sources asked in order, and what was verified remembered for a while. */
import { createHmac, randomBytes } from 'node:crypto'
import { type Account, account, type NameRules } from './account.js'
import { digestSecret } from './mechanisms/digest-md5-response.js'
import type { PasswordMemory } from './password-memory.js'
import { pretendToVerify, verify } from './password-verifier.js'
import { sameBytes } from './same-bytes.js'
import type { ScramHash, ScramSecret, Secrets, Verdict } from './sasl.js'
import { askSaslauthd } from './saslauthd.js'
import type { Kept, Sasldb } from './sasldb.js'
import type { SasldbRecord } from './sasldb-record.js'
import { scramSecret } from './scram-keys.js'
import { turns } from './turns.js'

export type PasswordSource =
  | { readonly kind: 'auxprop'; readonly sasldb: Sasldb }
  | { readonly kind: 'saslauthd'; readonly path: string }

export class Passwords implements Secrets {
  readonly #sources: readonly PasswordSource[]
  readonly #rules: NameRules
  readonly #memory: PasswordMemory
  readonly #saltKey = randomBytes(32)
  /** Hashes computed at once: each takes 16 MiB and a whole processor. */
  readonly #turn = turns(4)

  /** sasl_auto_transition: a password that was shown is kept in these forms. */
  readonly #transition: Kept | undefined

  constructor(parts: {
    sources: readonly PasswordSource[]
    rules: NameRules
    memory: PasswordMemory
    transition?: Kept | undefined
  }) {
    this.#sources = parts.sources
    this.#rules = parts.rules
    this.#memory = parts.memory
    this.#transition = parts.transition
  }

  /** Passwords are kept here, so mechanisms that need more than a yes or no can work. */
  get hasSecrets(): boolean {
    return this.#sources.some(({ kind }) => kind === 'auxprop')
  }

  /** `user` as the client wrote it. Takes as long for a user that does not exist as for a wrong password. */
  async check(user: string, { password, service }: { password: string; service: string }): Promise<Verdict> {
    const who = account(user, this.#rules)
    if (!who) {
      await this.#turn(() => pretendToVerify(password))
      return { kind: 'wrong' }
    }
    const what = { user: `${who.id}\0${who.domain}`, service, password }
    const remembered = this.#memory.recall(what)
    if (remembered !== undefined && remembered === this.#version(who)) return { kind: 'good', version: remembered }
    const verdict = await this.#ask(who, { password, service })
    if (verdict.kind !== 'good') return verdict
    this.#memory.remember(what, verdict.version)
    await this.#keep(who, password)
    return verdict
  }

  async plain(user: string): Promise<string | undefined> {
    return this.#record(user)?.record.plain
  }

  async scram(user: string, hash: ScramHash): Promise<ScramSecret | undefined> {
    const record = this.#record(user)?.record
    const kept = record?.scram?.[hash]
    if (kept || record?.plain === undefined) return kept
    // The same salt each time, as for users who do not exist: RFC 5802 §9.
    const salt = createHmac('sha256', this.#saltKey).update(user).digest().subarray(0, 16)
    return scramSecret(hash, { password: record.plain, salt })
  }

  async digestMd5(name: string, { user, realm }: { user: string; realm: string }): Promise<Buffer | undefined> {
    const found = this.#record(name)
    if (!found) return undefined
    if (found.record.plain !== undefined) return digestSecret(user, realm, found.record.plain)
    return found.realm === realm ? found.record.digestMd5 : undefined
  }

  /** The sources in order: the first that finds it right decides; one that is away makes "wrong" uncertain. */
  async #ask(who: Account, { password, service }: { password: string; service: string }): Promise<Verdict> {
    let verdict: Verdict = { kind: 'wrong' }
    for (const source of this.#sources) {
      const said =
        source.kind === 'auxprop'
          ? await this.#turn(() => checkRecord(password, this.#find(source.sasldb, who)?.record))
          : await askSaslauthd(source.path, { account: who, password, service })
      if (said.kind === 'good') return said
      if (said.kind === 'unavailable') verdict = said
    }
    return verdict
  }

  /** A password that a mechanism could not use as it is kept is kept anew. The sign-in stands also when that fails. */
  async #keep(who: Account, password: string): Promise<void> {
    const source = this.#sources.find((each) => each.kind === 'auxprop')
    const [realm] = who.realms
    if (!this.#transition || !source || realm === undefined) return
    const found = this.#find(source.sasldb, who)
    if (found && holds(found.record, this.#transition)) return
    const key = { user: who.local, realm: found?.realm ?? realm }
    await source.sasldb.setPassword(key, { password, kept: this.#transition, existing: false }).catch(() => false)
  }

  /** What a remembered password must carry to count still; passwords of saslauthd have none and live their span. */
  #version(who: Account): string {
    for (const source of this.#sources) {
      const found = source.kind === 'auxprop' ? this.#find(source.sasldb, who) : undefined
      if (found) return found.record.version
    }
    return ''
  }

  #record(user: string): { readonly record: SasldbRecord; readonly realm: string } | undefined {
    const who = account(user, this.#rules)
    if (!who) return undefined
    for (const source of this.#sources) {
      const found = source.kind === 'auxprop' ? this.#find(source.sasldb, who) : undefined
      if (found) return found
    }
    return undefined
  }

  #find(sasldb: Sasldb, { local, realms }: Account): { record: SasldbRecord; realm: string } | undefined {
    for (const realm of realms) {
      const record = sasldb.find({ user: local, realm })
      if (record) return { record, realm }
    }
    return undefined
  }
}

function holds({ plain, scram, digestMd5 }: SasldbRecord, kept: Kept): boolean {
  const lacks = (kept.plain && plain === undefined) || (kept.digestMd5 && !digestMd5)
  return !lacks && kept.scram.every((hash) => scram?.[hash])
}

/** The slow hash is computed in every case, so that time does not tell who exists. */
async function checkRecord(password: string, record: SasldbRecord | undefined): Promise<Verdict> {
  if (!record?.verifier) {
    await pretendToVerify(password)
    const same = record?.plain !== undefined && sameBytes(Buffer.from(password), Buffer.from(record.plain))
    return record && same ? { kind: 'good', version: record.version } : { kind: 'wrong' }
  }
  return (await verify(password, record.verifier)) ? { kind: 'good', version: record.version } : { kind: 'wrong' }
}
