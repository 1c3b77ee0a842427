/** The mail store as services, delivery and tools see it. */
import type { PartLayout } from '../mime/layout.js'
import type { Change, OutcomeOf } from './change/change.js'
import type { MessageRecord } from './message-record.js'
import type { Mailbox, MailboxId, ModSeq, Staged } from './types.js'
import type { View } from './view.js'

export interface Store {
  /** One synchronous look at the newest snapshot. Call it anew for each client command and for each slice of a long one. */
  read<T>(closure: (view: View) => T): T

  /**
   * Applies a change; resolves when it is durable and every reader can see it; changes of many callers share a commit.
   * @throws StoreError (nothing was changed); any other Error is ours (nothing was changed).
   */
  change<C extends Change>(change: C): Promise<OutcomeOf<C>>

  /** Begins to receive a message that will lie in that partition. */
  stage(partition: string): StagingArea

  /** The bytes of a message, as stored. @throws StoreError messageGone, damaged */
  readMessage(mailbox: Mailbox, message: MessageRecord): Buffer
  /** The bytes as IMAP and POP3 show them: bare LF as CR LF, NUL as 0x80; `message.size` octets. The same Buffer if clean. */
  readView(mailbox: Mailbox, message: MessageRecord): Buffer

  /** Envelope, structure and header cache of messages, computed and kept if missing. */
  readonly cache: MessageCache

  /** Calls back, never inside a change or a read, when a mailbox of interest changed here or in another process. */
  watch(mailbox: MailboxId, changed: (modSeq: ModSeq) => void): Watch
  /** Calls back after a mailbox was created, renamed or deleted or its ACL changed. */
  watchList(changed: () => void): Watch

  close(): Promise<void>
}

export interface Watch {
  stop(): void
}

/** Receives one message: in memory up to `inMemoryLimit`, from there on in a file below `stage./`. */
export interface StagingArea {
  /** Octets so far. */
  readonly size: number
  /** Takes over the chunk. Returns a promise only when the writer should wait (the message went to a file). */
  write(chunk: Buffer): void | Promise<void>
  /** The bytes are safe to hand to `change`; a stage file has been synced. Digests and view size are complete. */
  finish(): Promise<Staged>
  /** Forgets it; removes the stage file if there is one. Harmless after `finish` + `change`. */
  discard(): void
}

/** What FETCH needs again and again, ready for the wire. */
export interface CachedMessage {
  /** `(…)` as in FETCH ENVELOPE. */
  readonly envelope: Buffer
  /** `(…)` as in FETCH BODYSTRUCTURE. */
  readonly bodyStructure: Buffer
  /** `(…)` as in FETCH BODY. */
  readonly body: Buffer
  /** The fields that clients ask for (mime/header-cache), undefined when too long to keep: then read the message. */
  readonly header: Buffer | undefined
  /** Where the parts are in the message as IMAP shows it. */
  readonly layout: PartLayout
}

export interface MessageCache {
  /** In the order asked. Bounded by the caller: ask for at most a few hundred at a time. */
  get(mailbox: Mailbox, messages: readonly MessageRecord[]): CachedMessage[]
}

/** Octets of a message up to which it is held in memory and made safe in the journal. */
export const inMemoryLimit = 256 * 1024
