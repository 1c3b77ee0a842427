/** What is in a message: its bytes, structure and texts, each read when it is first needed. */
import { readDate } from '../../mime/date.js'
import { fieldValues } from '../../mime/header.js'
import { areCached } from '../../mime/header-cache.js'
import { layoutOf, type PartLayout } from '../../mime/layout.js'
import { previewText } from '../../mime/preview.js'
import { bodyMatches, headerMatches, type Needle, textMatches } from '../../mime/search-text.js'
import { type MessageStructure, scan } from '../../mime/structure.js'
import type { MessageRecord } from '../../store/message-record.js'
import type { CachedMessage, Store } from '../../store/store.js'
import type { Mailbox } from '../../store/types.js'

export class MessageText {
  readonly #store: Store
  readonly #mailbox: Mailbox
  readonly #record: MessageRecord
  #bytes: Buffer | undefined
  #structure: MessageStructure | undefined
  #layout: PartLayout | undefined
  #cached: CachedMessage | undefined

  constructor(store: Store, mailbox: Mailbox, record: MessageRecord) {
    this.#store = store
    this.#mailbox = mailbox
    this.#record = record
  }

  /** Whether anything beyond the record was needed. */
  get opened(): boolean {
    return this.#bytes !== undefined || this.#cached !== undefined
  }

  /** As IMAP shows them. @throws StoreError messageGone, damaged */
  get bytes(): Buffer {
    this.#bytes ??= this.#store.readView(this.#mailbox, this.#record)
    return this.#bytes
  }

  get structure(): MessageStructure {
    this.#structure ??= scan(this.bytes)
    return this.#structure
  }

  get layout(): PartLayout {
    this.#layout ??= layoutOf(this.bytes, this.structure)
    return this.#layout
  }

  /** A header that holds all fields with this name: the cached fields, or the whole. */
  #headerWith(name: string): Buffer {
    if (areCached([name])) this.#cached ??= this.#store.cache.get(this.#mailbox, [this.#record])[0]
    const cached = areCached([name]) ? this.#cached?.header : undefined
    return cached ?? this.bytes.subarray(0, this.structure.headerEnd)
  }

  /** The unfolded values of a header field, octets as latin1. */
  fields(name: string, limit: number): readonly string[] {
    const header = this.#headerWith(name)
    return fieldValues(header, { start: 0, end: header.length }, { name, limit })
  }

  /** The day that its Date field names, as ms of that day's start in UTC; INTERNALDATE's where there is none. */
  get sentDay(): number {
    const date = readDate(this.fields('date', 1)[0] ?? '')
    if (date === undefined) return Math.floor(this.#record.internalDate / 86400) * 86_400_000
    return Date.UTC(date.year, date.month - 1, date.day)
  }

  /** RFC 8970 §3.1 */
  get preview(): string {
    return previewText(this.bytes, this.layout)
  }

  headerHolds(name: string, needle: Needle): boolean {
    const header = this.#headerWith(name)
    return headerMatches(header, { start: 0, end: header.length }, { name, needle })
  }

  holds(where: 'body' | 'text', needle: Needle): boolean {
    const matches = where === 'body' ? bodyMatches : textMatches
    return matches(this.bytes, this.layout, needle)
  }
}
