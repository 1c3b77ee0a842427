// A mailbox's name as an administrator types it: UTF-8 or modified UTF-7, with the separators of imapd.conf.
import type { InternalName } from '../store/mailbox-name.js'
import { type NamespaceOptions, readAdminName } from '../store/namespace.js'
import { encodeModifiedUtf7 } from '../syntax/imap/modified-utf7.js'

/** Undefined: no name at all. */
export function readMailboxArgument(typed: string, options: NamespaceOptions): InternalName | undefined {
  return readAdminName(typed, options) ?? readAdminName(encodeModifiedUtf7(typed), options)
}
