// Arguments of commands: quoted where that is possible, literals where it is not.
import { encodeModifiedUtf7 } from '../../syntax/imap/modified-utf7.js'
import { utf8Wire, writeAstring, writeString } from '../../syntax/imap/string.js'
import type { Piece } from './client.js'

/** Whether writing it made a literal, which the client must announce by itself. */
const isLiteral = (written: string): boolean => /^~?\{\d+\}\r\n/.test(written)

/** astring, of text. */
export function astring(text: string): Piece {
  const wire = utf8Wire(text)
  const written = writeAstring(wire)
  return isLiteral(written) ? Buffer.from(wire, 'latin1') : written
}

/** string, of text; never an atom. */
export function string(text: string): Piece {
  const wire = utf8Wire(text)
  const written = writeString(wire)
  return isLiteral(written) ? Buffer.from(wire, 'latin1') : written
}

/**
 * A mailbox name as people type it. A name of ASCII alone is taken as it travels, modified UTF-7 and all, as scripts
 * written for Cyrus have it; another is encoded. RFC 9051 Appendix A.1
 */
export function mailboxName(typed: string): Piece {
  return astring(/^[\0-\x7f]*$/.test(typed) ? typed : encodeModifiedUtf7(typed))
}

/** Pieces with a space between each two. */
export function spaced(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [' ', piece]))
}
