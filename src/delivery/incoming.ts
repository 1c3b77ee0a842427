// A message on its way in: its bytes go to a stage as they come, and what delivery must know of them is seen in passing.

import { createHash, type Hash, hash } from 'node:crypto'
import type { StagingArea } from '../store/store.js'
import type { Staged } from '../store/types.js'
import { type HeaderScan, headerEnd, scanHeader } from './header-scan.js'

/** A whole message, ready to be put into mailboxes. */
export type Incoming = {
  readonly staged: Staged
  /** As the sender wrote it; '' for bounces. */
  readonly returnPath: string
  /** As in the header, angle brackets included. */
  readonly messageId: string | undefined
  /** Whether an MTA left a Received line. */
  readonly received: boolean
  /** SHA-256 of the bytes as received, without the lines that we put before them. */
  readonly digest: Buffer
}

/** Why a message cannot be taken, found while it came. */
export type Objection = 'tooBig' | 'eightBitHeader'

export type ReceptionOptions = {
  /** Octets; 0: no limit. */
  readonly maxmessagesize: number
  readonly reject8bit: boolean
  readonly munge8bit: boolean
}

/** Longest header that is looked at, octets. */
const maxHeader = 256 * 1024

/** Receives one message. Owns the stage until `finish` or `discard`. */
export class Reception {
  readonly #stage: StagingArea
  readonly #options: ReceptionOptions
  /** Most messages come in one slice: it waits for the digest of one call. */
  #only: Buffer | undefined
  #hash: Hash | undefined
  #size = 0
  #objection: Objection | undefined
  #failure: { readonly error: unknown } | undefined
  /** The header so far while its end has not come. */
  #header: Buffer | undefined = Buffer.alloc(0)
  #scan: HeaderScan = { messageId: undefined, received: false }

  /** `preface`: the lines that stand before the message in its file. */
  constructor(stage: StagingArea, { preface, options }: { preface: Buffer; options: ReceptionOptions }) {
    this.#stage = stage
    this.#options = options
    this.#keep(preface)
  }

  /** What stands against the message so far; its bytes are no longer kept then. */
  get objection(): Objection | undefined {
    return this.#objection
  }

  /** The next bytes. A promise: the writer should wait. Never throws: `finish` will. */
  write(bytes: Buffer): void | Promise<void> {
    this.#size += bytes.length
    const limit = this.#options.maxmessagesize
    if (limit > 0 && this.#size > limit) this.#object('tooBig')
    if (this.#objection !== undefined || this.#failure !== undefined) return
    this.#digestOn(bytes)
    const kept = this.#header === undefined ? bytes : this.#throughHeader(bytes)
    if (this.#objection === undefined) return this.#keep(kept)
  }

  /** The whole message. Only where there is no objection. @throws what went wrong when the bytes were staged. */
  async finish(returnPath: string): Promise<Incoming> {
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#header !== undefined) this.#scan = scanHeader(this.#header)
    const staged = await this.#stage.finish()
    return { staged, returnPath, ...this.#scan, digest: this.#digest() }
  }

  discard(): void {
    this.#stage.discard()
  }

  #digestOn(bytes: Buffer): void {
    if (this.#hash !== undefined) this.#hash.update(bytes)
    else if (this.#only === undefined) this.#only = bytes
    else this.#hash = createHash('sha256').update(this.#only).update(bytes)
  }

  #digest(): Buffer {
    return this.#hash?.digest() ?? hash('sha256', this.#only ?? Buffer.alloc(0), 'buffer')
  }

  #keep(bytes: Buffer): void | Promise<void> {
    try {
      return this.#stage.write(bytes)?.catch((error: unknown) => this.#fail(error))
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#stage.discard()
  }

  #object(objection: Objection): void {
    if (this.#objection !== undefined) return
    this.#objection = objection
    this.#stage.discard()
  }

  /** Looks at the header's bytes, and changes them where imapd.conf says so. */
  #throughHeader(bytes: Buffer): Buffer {
    const before = this.#header ?? Buffer.alloc(0)
    const header = before.length === 0 ? bytes : Buffer.concat([before, bytes])
    const end = headerEnd(header, Math.max(0, before.length - 3))
    const inHeader = (end < 0 ? header.length : end) - before.length
    const { reject8bit, munge8bit } = this.#options
    if ((reject8bit || munge8bit) && hasEightBit(bytes, inHeader)) {
      if (reject8bit) this.#object('eightBitHeader')
      else return this.#lookedAt(header, end, munged(bytes, inHeader))
    }
    return this.#lookedAt(header, end, bytes)
  }

  #lookedAt(header: Buffer, end: number, kept: Buffer): Buffer {
    this.#header = end < 0 && header.length < maxHeader ? header : undefined
    if (this.#header === undefined) this.#scan = scanHeader(header)
    return kept
  }
}

function hasEightBit(bytes: Buffer, end: number): boolean {
  for (let i = 0; i < end; i++) if ((bytes[i] ?? 0) >= 0x80) return true
  return false
}

/** A copy whose first `end` octets hold "X" for each octet beyond ASCII. */
function munged(bytes: Buffer, end: number): Buffer {
  const copy = Buffer.from(bytes)
  for (let i = 0; i < end; i++) if ((copy[i] ?? 0) >= 0x80) copy[i] = 0x58
  return copy
}
