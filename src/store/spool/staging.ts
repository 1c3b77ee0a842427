/** Receives one message: in memory while it is small, in a stage file when it is not; digests grow along. */
import { createHash, hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { examine, viewSize } from '../../mime/view.js'
import type { StoreConfig } from '../config.js'
import { inMemoryLimit, type StagingArea } from '../store.js'
import type { Digests, Staged } from '../types.js'
import { makeGroup, removeGroup, type StageGroup, stagedFile, syncGroup } from './stage.js'

/** Digests of bytes that are at hand. */
export function digest(bytes: Buffer): Digests {
  return {
    sha1: Buffer.from(hash('sha1', bytes, 'buffer')),
    sha256: Buffer.from(hash('sha256', bytes, 'buffer')),
    ...examine(bytes),
  }
}

export class Staging implements StagingArea {
  readonly #config: StoreConfig
  readonly #partition: string
  #chunks: Buffer[] = []
  #size = 0
  #file: LargeMessage | undefined

  constructor(config: StoreConfig, partition: string) {
    this.#config = config
    this.#partition = partition
  }

  get size(): number {
    return this.#size
  }

  write(chunk: Buffer): void | Promise<void> {
    this.#size += chunk.length
    if (this.#file) return this.#file.write(chunk)
    this.#chunks.push(chunk)
    if (this.#size <= inMemoryLimit) return
    this.#file = new LargeMessage(makeGroup(this.#config, this.#partition))
    const first = Buffer.concat(this.#chunks)
    this.#chunks = []
    return this.#file.write(first)
  }

  async finish(): Promise<Staged> {
    if (this.#file) return await this.#file.finish()
    // An ArrayBuffer of its own: it is given away with the change.
    const bytes = Buffer.allocUnsafeSlow(this.#size)
    let at = 0
    for (const chunk of this.#chunks) at += chunk.copy(bytes, at)
    this.#chunks = []
    return { kind: 'memory', bytes, digests: digest(bytes) }
  }

  discard(): void {
    this.#chunks = []
    this.#file?.discard()
  }
}

/** A message of more than `inMemoryLimit` octets on its way into a stage group of its own, as file 0. */
class LargeMessage {
  readonly #group: StageGroup
  readonly #sha1 = createHash('sha1')
  readonly #sha256 = createHash('sha256')
  #handle: FileHandle | undefined
  #size = 0
  #viewSize = 0
  #clean = true
  #last = 0
  #finished = false

  constructor(group: StageGroup) {
    this.#group = group
  }

  async write(chunk: Buffer): Promise<void> {
    this.#handle ??= await open(stagedFile(this.#group, 0), 'wx', 0o600)
    this.#sha1.update(chunk)
    this.#sha256.update(chunk)
    this.#measure(chunk)
    await this.#handle.writeFile(chunk)
  }

  async finish(): Promise<Staged> {
    await this.#handle?.sync()
    await this.#handle?.close()
    this.#handle = undefined
    syncGroup(this.#group)
    this.#finished = true
    return {
      kind: 'file',
      group: this.#group.group,
      file: 0,
      partition: this.#group.partition,
      size: this.#size,
      digests: {
        sha1: this.#sha1.digest(),
        sha256: this.#sha256.digest(),
        viewSize: this.#viewSize,
        clean: this.#clean,
      },
    }
  }

  /** After `finish` the group belongs to whoever was given it: a change that stored nothing removes it. */
  discard(): void {
    if (this.#finished) return
    void this.#handle?.close().catch(() => undefined)
    removeGroup(this.#group.path)
  }

  #measure(chunk: Buffer): void {
    let size = viewSize(chunk)
    if (this.#last === 0x0d && chunk[0] === 0x0a) size--
    this.#clean &&= size === chunk.length && !chunk.includes(0)
    this.#size += chunk.length
    this.#viewSize += size
    this.#last = chunk[chunk.length - 1] ?? this.#last
  }
}
