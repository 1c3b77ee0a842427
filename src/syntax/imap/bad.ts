// What a client did wrong: the only thing a reader throws.

/** Answered with a tagged BAD; the message is plain ASCII text for the client. RFC 9051 §7.1.3 */
export class Bad extends Error {
  override readonly name: string = 'Bad'
}

/** Where a mailbox name stands is something that cannot be one: answered with NO, as Cyrus does. */
export class BadMailboxName extends Bad {
  override readonly name = 'BadMailboxName'
}
