// mailbox = "INBOX" / astring: names as Unicode text inside, modified UTF-7 or UTF-8 on the wire.

import { BadMailboxName } from './bad.js'
import { LIST } from './characters.js'
import { decodeModifiedUtf7, encodeModifiedUtf7 } from './modified-utf7.js'
import type { Reader } from './reader.js'
import { readAstring, readString, utf8Wire, writeAstring, writeUtf8String } from './string.js'

/** How names travel: `utf8` once IMAP4rev2 or UTF8=ACCEPT is enabled. RFC 9051 §5.1, RFC 6855 §3 */
export type NameForm = 'modifiedUtf7' | 'utf8'

/** Longest mailbox name in octets on the wire. */
const LONGEST_NAME = 1024

/** mailbox; INBOX in any case is "INBOX", also as the first level of a longer name is left to the store. */
export function readMailbox(input: Reader, form: NameForm): string {
  return decodeName(readAstring(input), form)
}

/** A name from its octets; throws Bad when they are no name. 8-bit octets are always taken as UTF-8. */
export function decodeName(bytes: Buffer, form: NameForm): string {
  if (bytes.length > LONGEST_NAME) throw new BadMailboxName('Mailbox name too long')
  const wire = bytes.toString('latin1')
  const text = form === 'utf8' || /[^\0-\x7f]/.test(wire) ? utf8Text(bytes) : decodeModifiedUtf7(wire)
  if (text === undefined || /[\0-\x1f\x7f]/.test(text)) throw new BadMailboxName('Invalid mailbox name')
  return /^inbox$/i.test(text) ? 'INBOX' : text
}

function utf8Text(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** list-mailbox = 1*list-char / string: a pattern, in which "%" and "*" are wild cards. RFC 9051 §9 */
export function readListMailbox(input: Reader, form: NameForm): string {
  const quoted = input.atLiteral || input.peek() === 0x22
  return decodeName(quoted ? readString(input) : Buffer.from(input.run(LIST, 'a mailbox pattern'), 'latin1'), form)
}

/** A mailbox name as an astring in the form that this client understands. */
export function writeMailbox(name: string, form: NameForm): string {
  if (form === 'modifiedUtf7') return writeAstring(encodeModifiedUtf7(name))
  const wire = utf8Wire(name)
  return wire === name ? writeAstring(wire) : writeUtf8String(wire)
}
