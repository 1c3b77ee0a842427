// tag = 1*<any ASTRING-CHAR except "+">, and the command's name after it.

import { TAG } from './characters.js'
import type { Reader } from './reader.js'

/** The tag; at most 250 octets come back in answers. RFC 9051 §9 */
export function readTag(input: Reader): string {
  return input.run(TAG, 'a tag').slice(0, 250)
}

/** The command's name in upper case. */
export function readCommandName(input: Reader): string {
  return input.atom('a command').toUpperCase()
}
