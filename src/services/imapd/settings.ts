/** What imapd needs to know of imapd.conf, read once in main. */

export interface ImapSettings {
  readonly serverName: string
  /** Of Angarium. */
  readonly version: string
  /** How much the greeting and ID say of the server. */
  readonly serverInfo: 'off' | 'min' | 'on'
  /** Milliseconds without a command before the client is logged out; 0: never. */
  readonly timeout: number
  /** The same during IDLE. */
  readonly idleTimeout: number
  /** Milliseconds between two looks at the mailbox during IDLE when nothing is announced; 0: IDLE is not offered. */
  readonly idlePoll: number
  /** Octets of the largest message; 0: no limit. */
  readonly maxMessageSize: number
  /** Octets of the largest literal outside APPEND. */
  readonly maxLiteral: number
  /** Octets of the longest command line. */
  readonly maxLine: number
  /** Where new mailboxes go when nobody says. */
  readonly defaultPartition: string
  /** Whether a password may travel without TLS. */
  readonly allowPlaintext: boolean
  /** Letters that owners hold in their mailboxes whatever the ACL says. */
  readonly implicitOwnerRights: string
}
