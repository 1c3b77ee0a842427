// rights and identifiers of the ACL commands.

import { Bad } from './bad.js'
import { type NameForm, readMailbox } from './mailbox.js'
import type { Reader } from './reader.js'
import { readAstring } from './string.js'

export interface SetAclArguments {
  readonly mailbox: string
  readonly identifier: string
  /** "+" or "-" and letters, or letters alone. RFC 4314 §3.1 */
  readonly rights: string
}

/** SP mailbox SP identifier SP mod-rights; the cursor stands after "SETACL". RFC 4314 §3.1 */
export function readSetAcl(input: Reader, form: NameForm): SetAclArguments {
  const { mailbox, identifier } = readMailboxAndIdentifier(input, form)
  input.space()
  const rights = readAstring(input).toString('latin1')
  if (!/^[+-]?[a-z0-9]*$/.test(rights)) throw new Bad('Invalid rights')
  return { mailbox, identifier, rights }
}

/** SP mailbox SP identifier, of DELETEACL and LISTRIGHTS. */
export function readMailboxAndIdentifier(
  input: Reader,
  form: NameForm,
): { readonly mailbox: string; readonly identifier: string } {
  input.space()
  const mailbox = readMailbox(input, form)
  input.space()
  const identifier = readAstring(input).toString('utf8')
  if (identifier === '' || /[\0-\x1f\x7f\ufffd]/.test(identifier)) throw new Bad('Invalid identifier')
  return { mailbox, identifier }
}
