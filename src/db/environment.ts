/** One LMDB environment, opened with the only options under which lmdb-js keeps its word. */
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Database, open, type RootDatabase } from 'lmdb'
import { bearDataFile, correctSharedCommit, type DataFile, openDataFile } from './data-file.js'
import { Table, type TableDeclaration } from './table.js'

export interface EnvironmentOptions {
  /** The directory of data.mdb and lock.mdb; made if missing. */
  readonly path: string
  /** True: a write has reached stable storage when it returns. False: a crash may lose or damage the whole environment. */
  readonly durable: boolean
}

/** Readers that may hold a snapshot at once, over all processes; fixed by whoever makes lock.mdb. */
const maxReaders = 2048
const maxTables = 48
/** Times a transaction is begun again because another process had just opened the environment. */
const maxAttempts = 100

/**
 * An open environment: tables, snapshots for reading, transactions for writing.
 *
 * Every process opens it the same way. `overlappingSync` off, because with several writing processes its default
 * lost acknowledged commits (docs/reliability.md); `noSubdir` off, because a dot in the path would else make it a file.
 */
export class Environment {
  readonly path: string
  readonly #root: RootDatabase<Buffer, Buffer>
  readonly #file: DataFile
  readonly #databases = new Map<string, Database<Buffer, Buffer>>()

  constructor(options: EnvironmentOptions) {
    const made = mkdirSync(options.path, { recursive: true, mode: 0o700 })
    this.path = options.path
    const openAt = (path: string) =>
      open<Buffer, Buffer>({
        path,
        noSubdir: false,
        overlappingSync: false,
        noSync: !options.durable,
        encoding: 'binary',
        keyEncoding: 'binary',
        cache: false,
        maxReaders,
        maxDbs: maxTables,
      })
    bearDataFile(options.path, openAt)
    this.#file = openDataFile(options.path)
    this.#root = openAt(options.path)
    // LMDB syncs data.mdb but never its name: without this a power cut can take a new environment with all its commits.
    // Done at each opening, since whoever made the files may have been killed before it came to this line.
    if (options.durable) syncNames(options.path, made ?? options.path)
    // Our opening may have hidden another's newest commit from all readers: the check in `write` shows it again.
    this.write(() => undefined)
  }

  /** The table of that declaration, made if missing. */
  table<Key, Value>(declaration: TableDeclaration<Key, Value>): Table<Key, Value> {
    let database = this.#databases.get(declaration.name)
    if (!database) {
      database = this.#root.openDB<Buffer, Buffer>({
        name: declaration.name,
        encoding: 'binary',
        keyEncoding: 'binary',
        cache: false,
      })
      this.#databases.set(declaration.name, database)
    }
    return new Table(database, declaration)
  }

  /** Runs a closure over the newest snapshot. Synchronous and short: no snapshot outlives the call. */
  read<T>(closure: () => T): T {
    this.#root.resetReadTxn()
    return closure()
  }

  /**
   * Runs a closure as one transaction, under the lock that all processes share; durable (if the environment is) when it
   * returns. Blocks this thread while another holds the lock.
   * @throws what the closure throws, after undoing everything; an Error of LMDB (disk full, I/O error), nothing written.
   */
  write<T>(closure: () => T): T {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const done = this.#attempt(closure, attempt)
      if (done) return done.value
    }
    throw new Error(`${this.path}: other processes open it so often that no transaction can begin`)
  }

  /** One transaction; undefined if it would have begun at an older commit than the newest, and was given up. */
  #attempt<T>(closure: () => T, attempt: number): { value: T } | undefined {
    let result: { value: T } | undefined
    let stale = false
    try {
      this.#root.transactionSync(() => {
        stale = this.#beganStale(attempt)
        if (stale) throw new Error('stale')
        result = { value: closure() }
      })
    } catch (error) {
      if (!stale) throw error
      return undefined
    }
    if (!result) throw new Error(`${this.path}: the transaction did not run`)
    return result
  }

  /**
   * Whether the transaction at hand does not see the newest commit. A process that opens an environment stores, without a
   * lock, the number of the newest commit that it had read a moment before; a commit in between would be lost to us all.
   * The number is set right in the second attempt: at the beginning of that one LMDB has thrown away the list of free
   * pages that it knew from before.
   */
  #beganStale(attempt: number): boolean {
    const newest = this.#file.newestCommit()
    if (this.#root.getWriteTxnId() > newest) return false
    if (attempt > 1) correctSharedCommit(this.path, newest)
    return true
  }

  /** Copies a consistent snapshot into an existing empty directory while others write. */
  async backup(directory: string): Promise<void> {
    await this.#root.backup(directory, false)
  }

  /** Frees the reader slots of processes that were killed. Returns how many. */
  clearDeadReaders(): number {
    return this.#root.readerCheck()
  }

  async close(): Promise<void> {
    await this.#root.close()
    this.#file.close()
  }
}

/** Makes the names in a directory durable, its own name, and the names of those above it up to `highest`. */
function syncNames(directory: string, highest: string): void {
  const descriptor = openSync(directory, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
  if (directory.length >= highest.length) syncNames(dirname(directory), highest)
}
