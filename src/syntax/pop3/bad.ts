/** What a POP3 client did wrong: the only thing a reader throws. */

/** Answered with -ERR; the message is plain ASCII text for the client. RFC 1939 §3 */
export class Bad extends Error {
  override readonly name = 'Bad'
}
