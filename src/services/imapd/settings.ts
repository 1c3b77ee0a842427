/** What imapd needs to know of imapd.conf, read once in main. */
import { hostname } from 'node:os'
import type { Options } from '../../config/options.js'

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
  /** Letters that owners hold in their mailboxes whatever the ACL says. */
  readonly implicitOwnerRights: string
  /** A session whose mailbox was deleted is ended, instead of finding it empty. */
  readonly disconnectVanished: boolean
  /** Whether changes are written to the audit log. */
  readonly auditLog: boolean
  /** Capabilities that are not named, upper case. */
  readonly suppressed: ReadonlySet<string>
}

/** Where nothing bounds a line in imapd.conf. */
const LONGEST_LINE = 8 * 1024 * 1024

export function imapSettings(options: Options, version: string): ImapSettings {
  return {
    serverName: options.servername ?? hostname(),
    version,
    serverInfo: options.serverinfo,
    timeout: options.timeout * 1000,
    idleTimeout: (options.imapidletimeout > 0 ? options.imapidletimeout : options.timeout) * 1000,
    idlePoll: options.imapidlepoll * 1000,
    maxMessageSize: options.maxmessagesize,
    maxLiteral: options.maxliteral > 0 ? options.maxliteral : LONGEST_LINE,
    maxLine: options.maxword > 0 ? options.maxword : LONGEST_LINE,
    implicitOwnerRights: options.implicit_owner_rights,
    disconnectVanished: options.disconnect_on_vanished_mailbox,
    auditLog: options.auditlog,
    suppressed: new Set(options.suppress_capabilities.map((word) => word.toUpperCase())),
  }
}
