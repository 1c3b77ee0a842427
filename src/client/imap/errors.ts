// What a command to an IMAP server can end in instead of OK.
import type { Code } from '../../syntax/imap/response.js'

/** The server said NO or BAD. The message is the server's text. */
export class ImapRefused extends Error {
  readonly status: 'NO' | 'BAD'
  readonly code: Code | undefined
  constructor({ status, code, text }: { status: 'NO' | 'BAD'; code?: Code | undefined; text: string }) {
    super(text)
    this.name = 'ImapRefused'
    this.status = status
    this.code = code
  }
}

/** The connection is of no further use: closed, timed out, said BYE, or spoke something that is not IMAP. */
export class ImapLost extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ImapLost'
  }
}
