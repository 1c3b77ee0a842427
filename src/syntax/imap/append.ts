// append: mailbox, then one or more messages, each with flags and date before its literal.

import { Bad } from './bad.js'
import { readDateTime } from './date-time.js'
import { readFlagList } from './flag.js'
import { type NameForm, readMailbox } from './mailbox.js'
import type { Reader } from './reader.js'

export interface AppendOptions {
  readonly flags: readonly string[]
  /** Milliseconds since 1970; undefined: now. */
  readonly internalDate: number | undefined
}

/** append-opts: [SP flag-list] [SP date-time] SP, up to the literal. RFC 9051 §9, RFC 3502 §6.3.11 */
export function readAppendOptions(input: Reader): AppendOptions {
  input.space()
  let flags: readonly string[] = []
  if (input.peek() === 0x28) {
    flags = readFlagList(input)
    input.space()
  }
  let internalDate: number | undefined
  if (input.peek() === 0x22) {
    internalDate = readDateTime(input)
    input.space()
  }
  return { flags, internalDate }
}

export interface AppendMessage extends AppendOptions {
  readonly size: number
  readonly binary: boolean
}

export interface AppendArguments {
  readonly mailbox: string
  readonly messages: readonly AppendMessage[]
}

/** SP mailbox 1*append-message; the literals' bytes went elsewhere. The cursor stands after "APPEND". */
export function readAppend(input: Reader, form: NameForm): AppendArguments {
  input.space()
  const mailbox = readMailbox(input, form)
  const messages: AppendMessage[] = []
  do {
    const options = readAppendOptions(input)
    const utf8 = input.acceptWord('UTF8')
    if (utf8) {
      input.space()
      input.expect('(')
    }
    const { size, binary } = input.literal().announced
    if (utf8) input.expect(')')
    messages.push({ ...options, size, binary })
  } while (!input.atEnd)
  return { mailbox, messages }
}

/**
 * Whether the literal that the parts end with, in "tag APPEND …", is a message rather than the mailbox's name, and of
 * which mailbox; undefined: it is not a message. Throws Bad where what stands before it is wrong already.
 */
export function appendTarget(input: Reader, form: NameForm): string | undefined {
  input.space()
  if (input.atLiteral && input.literalIndex === 0 && !input.hasLiteral) return undefined
  const mailbox = readMailbox(input, form)
  for (;;) {
    readAppendOptions(input)
    if (input.acceptWord('UTF8')) {
      input.space()
      input.expect('(')
    }
    if (!input.atLiteral) throw new Bad(`Expected a literal ${input.where()}`)
    if (!input.hasLiteral) return mailbox
    input.literal()
    input.accept(')')
  }
}
