// list: LIST with its selection and return options.

import { Bad } from './bad.js'
import { readListOf, readWordOf } from './list-of.js'
import { type NameForm, readListMailbox, readMailbox } from './mailbox.js'
import type { Reader } from './reader.js'
import { readStatusAtts, type StatusAtt } from './status-att.js'
import { readAstring, writeString } from './string.js'

export interface ListSelection {
  readonly subscribed: boolean
  readonly remote: boolean
  readonly recursiveMatch: boolean
  readonly specialUse: boolean
}

export interface ListReturn {
  readonly subscribed: boolean
  readonly children: boolean
  readonly specialUse: boolean
  readonly myRights: boolean
  readonly status: readonly StatusAtt[]
  /** Entries of LIST-METADATA. RFC 9590 */
  readonly metadata: readonly string[]
}

export interface ListArguments {
  readonly reference: string
  readonly patterns: readonly string[]
  readonly selection: ListSelection
  /** undefined: the command had no RETURN. */
  readonly returns: ListReturn | undefined
  /** Whether it has any form that only LIST-EXTENDED has: then attributes are told in full. */
  readonly extended: boolean
}

type SelectionWord = keyof ListSelection
const selectionWords = new Map<string, SelectionWord>([
  ['SUBSCRIBED', 'subscribed'],
  ['REMOTE', 'remote'],
  ['RECURSIVEMATCH', 'recursiveMatch'],
  ['SPECIAL-USE', 'specialUse'],
])
const returnWords = new Map<string, keyof ListReturn>([
  ['SUBSCRIBED', 'subscribed'],
  ['CHILDREN', 'children'],
  ['SPECIAL-USE', 'specialUse'],
  ['MYRIGHTS', 'myRights'],
  ['STATUS', 'status'],
  ['METADATA', 'metadata'],
])

/** [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]; the cursor stands after "LIST". RFC 5258 §6 */
export function readList(input: Reader, form: NameForm): ListArguments {
  input.space()
  const options = input.peek() === 0x28
  const selection = readSelection(input)
  const reference = readReference(input, form)
  input.space()
  const several = input.peek() === 0x28
  const patterns = several ? readListOf(input, (each) => readListMailbox(each, form)) : [readListMailbox(input, form)]
  if (patterns.length === 0) throw new Bad('Empty list of patterns')
  const returns = readReturns(input)
  return { reference, patterns, selection, returns, extended: options || several || returns !== undefined }
}

/** A reference may be empty, which a mailbox name may not. */
function readReference(input: Reader, form: NameForm): string {
  return readMailbox(input, form)
}

function readSelection(input: Reader): ListSelection {
  const selection = { subscribed: false, remote: false, recursiveMatch: false, specialUse: false }
  if (input.peek() !== 0x28) return selection
  readListOf(input, (each) => {
    selection[readWordOf(each, selectionWords, 'list selection option')] = true
  })
  input.space()
  if (selection.recursiveMatch && !selection.subscribed && !selection.specialUse) {
    throw new Bad('RECURSIVEMATCH alone selects nothing')
  }
  return selection
}

function readReturns(input: Reader): ListReturn | undefined {
  if (input.atEnd || input.peekAt(1) === undefined) return undefined
  input.space()
  if (!input.acceptWord('RETURN')) throw new Bad(`Unexpected extra arguments ${input.where()}`)
  input.space()
  const returns = {
    subscribed: false,
    children: false,
    specialUse: false,
    myRights: false,
    status: [] as readonly StatusAtt[],
    metadata: [] as readonly string[],
  }
  readListOf(input, (each) => {
    const word = readWordOf(each, returnWords, 'list return option')
    if (word === 'status') {
      each.space()
      returns.status = readStatusAtts(each)
    } else if (word === 'metadata') {
      each.space()
      returns.metadata = readListOf(each, (entry) => readAstring(entry).toString('latin1').toLowerCase())
    } else returns[word] = true
  })
  return returns
}

/** SP mailbox SP list-mailbox; the cursor stands after "LSUB". RFC 3501 §6.3.9 */
export function readLsub(input: Reader, form: NameForm): { readonly reference: string; readonly pattern: string } {
  input.space()
  const reference = readReference(input, form)
  input.space()
  return { reference, pattern: readListMailbox(input, form) }
}

/** The hierarchy delimiter as it stands in LIST and NAMESPACE. */
export function writeDelimiter(delimiter: string | null): string {
  return delimiter === null ? 'NIL' : writeString(delimiter)
}
