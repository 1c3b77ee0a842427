/**
 * What FETCH asks of every message, computed once and kept ready for the wire, in an environment of its own that may be
 * lost at any time: each entry carries the message's SHA-1 and a CRC, and what does not match is made again.
 */
import { crc32 } from 'node:zlib'
import type { Environment } from '../db/environment.js'
import type { Codec, Table, TableDeclaration } from '../db/table.js'
import { bodyStructureWire, bodyWire } from '../mime/body-wire.js'
import { envelopeWire } from '../mime/envelope-wire.js'
import { headerCache } from '../mime/header-cache.js'
import { layoutOf, type PartLayout, packLayout, unpackLayout } from '../mime/layout.js'
import { scan } from '../mime/structure.js'
import type { MessageRecord } from './message-record.js'
import type { CachedMessage, MessageCache } from './store.js'
import type { Mailbox, MailboxId, Uid } from './types.js'

interface CacheKey {
  readonly mailbox: MailboxId
  readonly uid: Uid
}

const cacheKey: Codec<CacheKey> = {
  encode({ mailbox, uid }) {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeUInt32BE(mailbox)
    bytes.writeUInt32BE(uid, 4)
    return bytes
  },
  decode: (bytes) => ({ mailbox: bytes.readUInt32BE(0) as MailboxId, uid: bytes.readUInt32BE(4) as Uid }),
}

const cacheTable: TableDeclaration<CacheKey, Buffer> = {
  name: 'messages',
  version: 1,
  key: cacheKey,
  value: { encode: (bytes) => bytes, decode: (bytes) => bytes },
}

/** Of an entry: CRC-32 of the rest, SHA-1 of the message, five lengths; then the five pieces. */
const crcLength = 4
const sha1Length = 20
const pieces = 5
const headLength = crcLength + sha1Length + pieces * 4
/** The length of a piece that is not there. */
const absent = 0xffffffff
/** Entries written in one transaction. */
const entriesPerWrite = 64

export class Cache implements MessageCache {
  readonly #environment: Environment
  readonly #table: Table<CacheKey, Buffer>
  readonly #readView: (mailbox: Mailbox, message: MessageRecord) => Buffer
  #pending: { key: CacheKey; value: Buffer }[] = []

  constructor(environment: Environment, readView: (mailbox: Mailbox, message: MessageRecord) => Buffer) {
    this.#environment = environment
    this.#table = environment.table(cacheTable)
    this.#readView = readView
  }

  get(mailbox: Mailbox, messages: readonly MessageRecord[]): CachedMessage[] {
    const found = this.#environment.read(() =>
      messages.map((message) => {
        const bytes = this.#table.get({ mailbox: mailbox.id, uid: message.uid })
        return isWhole(bytes, message.sha1) ? new StoredEntry(bytes, () => this.#make(mailbox, message)) : undefined
      }),
    )
    return messages.map((message, index) => found[index] ?? this.#make(mailbox, message))
  }

  /** Keeps what is known of a message whose bytes (as IMAP shows them) are at hand. Written a few at a time. */
  put(key: CacheKey, sha1: Buffer, view: Buffer): CachedMessage {
    const entry = describe(view)
    this.#pending.push({ key, value: writeEntry(entry, sha1) })
    if (this.#pending.length >= entriesPerWrite) this.flush()
    else if (this.#pending.length === 1) setImmediate(() => this.flush())
    return entry
  }

  flush(): void {
    const pending = this.#pending
    this.#pending = []
    if (pending.length === 0) return
    this.#environment.write(() => {
      for (const { key, value } of pending) this.#table.put(key, value)
    })
  }

  #make(mailbox: Mailbox, message: MessageRecord): CachedMessage {
    return this.put({ mailbox: mailbox.id, uid: message.uid }, message.sha1, this.#readView(mailbox, message))
  }
}

/** Everything that is kept of a message, from its bytes as IMAP shows them. */
export function describe(view: Buffer): CachedMessage {
  const structure = scan(view)
  return {
    envelope: envelopeWire(view, structure),
    bodyStructure: bodyStructureWire(view, structure),
    body: bodyWire(view, structure),
    header: headerCache(view, { start: structure.headerStart, end: structure.headerEnd }),
    layout: layoutOf(view, structure),
  }
}

function writeEntry(entry: CachedMessage, sha1: Buffer): Buffer {
  const parts = [entry.envelope, entry.bodyStructure, entry.body, entry.header, packLayout(entry.layout)]
  const head = Buffer.alloc(headLength)
  sha1.copy(head, crcLength)
  for (const [index, part] of parts.entries())
    head.writeUInt32LE(part?.length ?? absent, crcLength + sha1Length + index * 4)
  const bytes = Buffer.concat([head, ...parts.flatMap((part) => part ?? [])])
  bytes.writeUInt32LE(crc32(bytes.subarray(crcLength)), 0)
  return bytes
}

/** Whether it is the entry of that message, as it was written. */
function isWhole(bytes: Buffer | undefined, sha1: Buffer): bytes is Buffer {
  if (!bytes || bytes.length < headLength || sha1.compare(bytes, crcLength, crcLength + sha1Length) !== 0) return false
  return crc32(bytes.subarray(crcLength)) === bytes.readUInt32LE(0)
}

/** An entry read, its pieces cut out as they are asked for: FETCH wants one or two of them, of very many messages. */
class StoredEntry implements CachedMessage {
  readonly #bytes: Buffer
  readonly #makeAgain: () => CachedMessage
  #layout: PartLayout | undefined

  constructor(bytes: Buffer, makeAgain: () => CachedMessage) {
    this.#bytes = bytes
    this.#makeAgain = makeAgain
  }

  get envelope(): Buffer {
    return this.#piece(0) ?? this.#makeAgain().envelope
  }
  get bodyStructure(): Buffer {
    return this.#piece(1) ?? this.#makeAgain().bodyStructure
  }
  get body(): Buffer {
    return this.#piece(2) ?? this.#makeAgain().body
  }
  get header(): Buffer | undefined {
    return this.#piece(3)
  }
  get layout(): PartLayout {
    if (this.#layout === undefined) {
      const packed = this.#piece(4)
      this.#layout = (packed && unpackLayout(packed)) ?? this.#makeAgain().layout
    }
    return this.#layout
  }

  #piece(index: number): Buffer | undefined {
    let at = headLength
    for (let earlier = 0; earlier < index; earlier++) {
      const length = this.#lengthOf(earlier)
      if (length !== absent) at += length
    }
    const length = this.#lengthOf(index)
    return length === absent ? undefined : this.#bytes.subarray(at, at + length)
  }

  #lengthOf(index: number): number {
    return this.#bytes.readUInt32LE(crcLength + sha1Length + index * 4)
  }
}
