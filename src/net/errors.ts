/** What can go wrong with a connection, told apart so that a session can answer each in its protocol's words. */

/**
 * - `timeout`: nothing arrived, or nothing could be sent, for the connection's timeout; it can still be written to
 *   unless the output was what stalled.
 * - `closed`: this side closed it, or the other side reset it.
 * - `tls`: the TLS handshake failed.
 * - `stopping`: this server ends; the connection can still be written to, for the good-bye.
 */
export type ConnectionErrorKind = 'timeout' | 'closed' | 'tls' | 'stopping'

export class ConnectionError extends Error {
  readonly kind: ConnectionErrorKind
  constructor(kind: ConnectionErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ConnectionError'
    this.kind = kind
  }
}

/** A line was longer than the reader allowed. It has been read to its end and thrown away: the next line is whole. */
export class LineTooLong extends Error {
  /** Octets allowed, line end not counted. */
  readonly limit: number
  constructor(limit: number) {
    super(`line longer than ${limit} octets`)
    this.name = 'LineTooLong'
    this.limit = limit
  }
}
