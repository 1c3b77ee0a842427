/** Passwords found right a short while ago, as keyed hashes: a web mailer's hundred log-ins cost one verification. */
import { createHmac, randomBytes } from 'node:crypto'

const MOST = 20_000

export interface Remembered {
  /** What was checked, all of it. */
  readonly user: string
  readonly service: string
  readonly password: string
}

/** Kept per process; the key is new with each and never leaves it. */
export class PasswordMemory {
  readonly #key = randomBytes(32)
  readonly #known = new Map<string, { readonly version: string; readonly until: number }>()
  /** Milliseconds. */
  readonly #span: number
  readonly #now: () => number

  /** `span` in milliseconds, 0 remembers nothing. `now` in milliseconds. */
  constructor(span: number, now: () => number) {
    this.#span = span
    this.#now = now
  }

  /** The version of the password that was found right, if it still counts. */
  recall(what: Remembered): string | undefined {
    if (this.#span <= 0 || this.#known.size === 0) return undefined
    const name = this.#hash(what)
    const entry = this.#known.get(name)
    if (!entry) return undefined
    if (entry.until >= this.#now()) return entry.version
    this.#known.delete(name)
    return undefined
  }

  remember(what: Remembered, version: string): void {
    if (this.#span <= 0) return
    if (this.#known.size >= MOST)
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest)
        break
      }
    const name = this.#hash(what)
    this.#known.delete(name)
    this.#known.set(name, { version, until: this.#now() + this.#span })
  }

  #hash({ user, service, password }: Remembered): string {
    return createHmac('sha256', this.#key).update(`${user}\0${service}\0${password}`).digest('base64')
  }
}
