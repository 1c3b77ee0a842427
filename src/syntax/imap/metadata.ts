// GETMETADATA and SETMETADATA: entries, options and values. RFC 5464

import { Bad } from './bad.js'
import { readListOf } from './list-of.js'
import { type NameForm, readMailbox } from './mailbox.js'
import type { Reader } from './reader.js'
import { readAstring, readString } from './string.js'

export interface GetMetadataArguments {
  /** "" is the server. */
  readonly mailbox: string
  readonly entries: readonly string[]
  readonly maxSize: number | undefined
  readonly depth: 0 | 1 | 'infinity'
}

/** [SP options] SP mailbox [SP options] SP entries; the options stand before or after the name in clients. RFC 5464 §4.2 */
export function readGetMetadata(input: Reader, form: NameForm): GetMetadataArguments {
  input.space()
  const options = { maxSize: undefined as number | undefined, depth: 0 as GetMetadataArguments['depth'] }
  if (input.peek() === 0x28) {
    readOptions(input, options)
    input.space()
  }
  const mailbox = readMailbox(input, form)
  input.space()
  const entries = readEntries(input)
  return { mailbox, entries, ...options }
}

function readOptions(input: Reader, options: { maxSize: number | undefined; depth: 0 | 1 | 'infinity' }): void {
  readListOf(input, (each) => {
    if (each.acceptWord('MAXSIZE')) {
      each.space()
      options.maxSize = each.number()
    } else if (each.acceptWord('DEPTH')) {
      each.space()
      options.depth = readDepth(each)
    } else throw new Bad(`Invalid GETMETADATA option ${each.where()}`)
  })
}

function readDepth(input: Reader): 0 | 1 | 'infinity' {
  if (input.acceptWord('INFINITY')) return 'infinity'
  const depth = input.number()
  if (depth !== 0 && depth !== 1) throw new Bad('Invalid depth')
  return depth
}

function readEntries(input: Reader): string[] {
  if (input.peek() !== 0x28) return [readEntryPattern(input)]
  const entries = readListOf(input, readEntryPattern)
  if (entries.length === 0) throw new Bad('Empty list of entries')
  return entries
}

/** An entry in which "*" and "%" are wild cards, as cyradm writes them; "/shared" alone is the root of all of them. */
function readEntryPattern(input: Reader): string {
  const entry = readAstring(input).toString('latin1').toLowerCase()
  if (!/^\/(private|shared)(\/[^/\0-\x1f\x7f-\xff]+)*$/.test(entry)) throw new Bad('Invalid entry name')
  return entry
}

/** entry = astring, slash-separated, without wild cards; compared without case. RFC 5464 §3.2 */
export function readEntry(input: Reader): string {
  const entry = readAstring(input).toString('latin1').toLowerCase()
  if (!/^\/(private|shared)(\/[^/*%\0-\x1f\x7f-\xff]+)+$/.test(entry)) throw new Bad(`Invalid entry name`)
  return entry
}

export interface EntryValue {
  readonly entry: string
  /** null: the entry goes. */
  readonly value: Buffer | null
}

/** SP mailbox SP "(" entry SP value *(SP entry SP value) ")"; the cursor stands after "SETMETADATA". RFC 5464 §4.3 */
export function readSetMetadata(
  input: Reader,
  form: NameForm,
): { readonly mailbox: string; readonly values: readonly EntryValue[] } {
  input.space()
  const mailbox = readMailbox(input, form)
  input.space()
  const values = readListOf(input, (each) => {
    const entry = readEntry(each)
    each.space()
    return { entry, value: each.acceptWord('NIL') ? null : readString(each) }
  })
  if (values.length === 0) throw new Bad('Empty list of entries')
  return { mailbox, values }
}
