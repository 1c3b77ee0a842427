/** What one snapshot of the store says: valid only inside the closure given to `Store.read`; nothing in it awaits. */
import type { InternalName } from './mailbox-name.js'
import type { MessageRecord } from './message-record.js'
import type { Actor, Mailbox, MailboxEntry, MailboxId, ModSeq, Quota, SeenState, Uid, UidRange } from './types.js'

export interface View {
  /** The mailbox of that exact name. */
  lookup(name: InternalName): Mailbox | undefined
  mailbox(id: MailboxId): Mailbox | undefined
  /** All mailboxes of the domain-and-name order whose internal name begins with `prefix` (octets, '' for all), in order. */
  list(prefix: string): Iterable<MailboxEntry>

  /** Rights of the actor here: implicit ones (owner, admin, postuser) included. RFC 4314 §3.5 */
  rights(mailbox: MailboxEntry, actor: Actor): string

  /** UIDs of the live messages. */
  uids(mailbox: MailboxId): readonly UidRange[]
  message(mailbox: MailboxId, uid: Uid): MessageRecord | undefined
  /** Live messages with those UIDs, rising. Read in slices of a bounded number and take a fresh view between them. */
  messages(mailbox: MailboxId, uids: readonly UidRange[]): Iterable<MessageRecord>

  /** \Seen of a user who is not the owner, of a mailbox that has not `sharedSeen`. */
  seen(mailbox: MailboxId, user: string): SeenState
  /** Messages whose flags, keywords or `user`'s \Seen changed after that modseq. */
  changedSince(mailbox: MailboxId, modSeq: ModSeq, user: string): Iterable<MessageRecord>
  /** The modseq of a message as that user sees it: their own \Seen changes count. */
  modSeqFor(mailbox: MailboxId, message: MessageRecord, user: string): ModSeq
  /** UIDs expunged after that modseq; undefined if that is below `vanishedFloor`. RFC 7162 §3.2.6 */
  vanishedSince(mailbox: MailboxId, modSeq: ModSeq): readonly UidRange[] | undefined

  quota(root: InternalName): Quota | undefined
  quotas(prefix: string): Iterable<Quota>
  /** The quota root that governs a mailbox of that name, existing or not. */
  quotaRootOf(name: InternalName): Quota | undefined

  subscribed(user: string, name: InternalName): boolean
  /** Names in order; also of mailboxes that are gone. RFC 9051 §6.3.7 */
  subscriptions(user: string): Iterable<InternalName>

  annotation(mailbox: MailboxId | undefined, entry: string, user: string | undefined): Buffer | undefined
  annotations(
    mailbox: MailboxId | undefined,
    entryPrefix: string,
  ): Iterable<{ readonly entry: string; readonly user: string | undefined; readonly value: Buffer }>
}
