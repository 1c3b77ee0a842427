/** The exclusive lock on a maildrop, over all workers: a row of a small LMDB environment of its own. RFC 1939 §3 */
import { join } from 'node:path'
import { Environment } from '../../db/environment.js'
import type { Codec, Table } from '../../db/table.js'
import { bootId, isAlive } from '../../store/config.js'

/** `owner` is a process as store/config names it: one that is gone holds nothing. */
interface Holder {
  readonly owner: string
  readonly session: string
}

const number: Codec<number> = {
  encode: (id) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(id)
    return bytes
  },
  decode: (bytes) => bytes.readUInt32BE(),
}

const holder: Codec<Holder> = {
  encode: ({ owner, session }) => Buffer.from(`${owner} ${session}`),
  decode: (bytes) => {
    const [owner = '', session = ''] = bytes.toString().split(' ')
    return { owner, session }
  },
}

/** Not durable: a lock need not outlive the machine, and each boot has an environment of its own. */
export class MaildropLocks {
  readonly #environment: Environment
  readonly #locks: Table<number, Holder>
  readonly #owner: string

  constructor(configDirectory: string, owner: string) {
    const path = join(configDirectory, 'lock', `pop3-${bootId().slice(0, 8)}`)
    this.#environment = new Environment({ path, durable: false })
    this.#locks = this.#environment.table({ name: 'maildrops', version: 1, key: number, value: holder })
    this.#owner = owner
  }

  /** False: another living session has it. */
  acquire(mailbox: number, session: string): boolean {
    return this.#environment.write(() => {
      const current = this.#locks.get(mailbox)
      if (current && (current.owner === this.#owner || isAlive(current.owner))) return false
      this.#locks.put(mailbox, { owner: this.#owner, session })
      return true
    })
  }

  release(mailbox: number, session: string): void {
    this.#environment.write(() => {
      const current = this.#locks.get(mailbox)
      if (current?.owner === this.#owner && current.session === session) this.#locks.remove(mailbox)
    })
  }

  async close(): Promise<void> {
    await this.#environment.close()
  }
}
