/** A typed table of an LMDB environment: keys in byte order, values encoded by its declaration. */
import type { Database } from 'lmdb'

export interface Codec<T> {
  encode(value: T): Buffer
  /** The Buffer is a copy of its own: it may be kept. */
  decode(bytes: Buffer): T
}

export interface TableDeclaration<Key, Value> {
  readonly name: string
  /** Raised with every change of the key's or value's form. */
  readonly version: number
  readonly key: Codec<Key>
  readonly value: Codec<Value>
}

/** A stretch of keys: `start` inclusive, `end` exclusive; with `reverse`, downwards from `start` to above `end`. */
export interface Range<Key> {
  readonly start?: Key
  readonly end?: Key
  readonly reverse?: boolean
  readonly limit?: number
  /** Only keys that have this many first octets in common with `start`. */
  readonly sharing?: number
}

export interface Row<Key, Value> {
  readonly key: Key
  readonly value: Value
}

export class Table<Key, Value> {
  readonly name: string
  readonly #database: Database<Buffer, Buffer>
  readonly #key: Codec<Key>
  readonly #value: Codec<Value>

  constructor(database: Database<Buffer, Buffer>, declaration: TableDeclaration<Key, Value>) {
    this.name = declaration.name
    this.#database = database
    this.#key = declaration.key
    this.#value = declaration.value
  }

  get(key: Key): Value | undefined {
    const bytes = this.#database.get(this.#key.encode(key))
    return bytes === undefined ? undefined : this.#value.decode(bytes)
  }

  has(key: Key): boolean {
    return this.#database.doesExist(this.#key.encode(key))
  }

  /** Rows in key order. Inside one `Environment.read` or `write` only; the rows are read as the loop asks for them. */
  *range(range: Range<Key> = {}): Generator<Row<Key, Value>> {
    for (const { key, value } of this.#database.getRange(this.#bounds(range)))
      yield { key: this.#key.decode(key), value: this.#value.decode(value) }
  }

  /** Keys in order, values unread. */
  *keys(range: Range<Key> = {}): Generator<Key> {
    for (const key of this.#database.getKeys(this.#bounds(range))) yield this.#key.decode(key)
  }

  /** The first row of a range, if any. */
  first(range: Range<Key>): Row<Key, Value> | undefined {
    for (const row of this.range({ ...range, limit: 1 })) return row
    return undefined
  }

  /** Only inside `Environment.write`. */
  put(key: Key, value: Value): void {
    this.#database.putSync(this.#key.encode(key), this.#value.encode(value))
  }

  /** Only inside `Environment.write`. Returns whether there was such a row. */
  remove(key: Key): boolean {
    return this.#database.removeSync(this.#key.encode(key))
  }

  /** Rows in the table. */
  count(): number {
    return this.#database.getCount()
  }

  #bounds(range: Range<Key>) {
    const start = range.start === undefined ? undefined : this.#key.encode(range.start)
    const end = range.end === undefined ? undefined : this.#key.encode(range.end)
    const shared = start && range.sharing !== undefined ? start.subarray(0, range.sharing) : undefined
    const bound = end ?? (shared && (range.reverse ? shared : following(shared)))
    return {
      ...(start === undefined ? {} : { start }),
      ...(bound === undefined ? {} : { end: bound }),
      ...(range.reverse === undefined ? {} : { reverse: range.reverse }),
      ...(range.limit === undefined ? {} : { limit: range.limit }),
      snapshot: false,
    }
  }
}

/** The first key after all that begin with these octets. */
function following(prefix: Buffer): Buffer {
  const next = Buffer.from(prefix)
  for (let at = next.length - 1; at >= 0; at--) {
    const octet = next[at] ?? 0
    if (octet < 255) {
      next[at] = octet + 1
      return next.subarray(0, at + 1)
    }
  }
  return Buffer.alloc(prefix.length + 1, 255)
}
