// One LMTP command line as a value. RFC 2033, and RFC 5321 §4.1.1 with its extensions.

import { Bad, badParameters, syntaxError } from './bad.js'
import { type Mailbox, readMailbox, readPath, readXtext } from './path.js'

/** What is said with MAIL. */
export type MailCommand = {
  readonly kind: 'MAIL'
  /** The return path as written between "<" and ">"; '' for bounces. */
  readonly returnPath: string
  /** Octets announced. RFC 1870 */
  readonly size: number | undefined
  readonly body: '7BIT' | '8BITMIME' | 'BINARYMIME'
  /** Who submitted it: '' for AUTH=<>, undefined where nothing is said. RFC 4954 §5 */
  readonly submitter: string | undefined
  readonly utf8: boolean
}

/** What is said with RCPT. */
export type RcptCommand = {
  readonly kind: 'RCPT'
  /** undefined: `<>`, which nobody is. */
  readonly mailbox: Mailbox | undefined
  /** Delivered whatever the quota says. */
  readonly ignoreQuota: boolean
}

export type Command =
  | MailCommand
  | RcptCommand
  | { readonly kind: 'LHLO'; readonly name: string }
  | { readonly kind: 'BDAT'; readonly size: number; readonly last: boolean }
  | { readonly kind: 'AUTH'; readonly mechanism: string; readonly initial: string | undefined }
  | { readonly kind: 'VRFY' | 'HELP'; readonly argument: string }
  | { readonly kind: 'DATA' | 'RSET' | 'NOOP' | 'QUIT' | 'STARTTLS' }

/** Longest command line, octets without CR LF. RFC 5321 §4.5.3.1.4 wants 512, extensions and AUTH need more. */
export const maxCommandLength = 12288

/** Largest number that SIZE= and BDAT may name. */
const maxSize = Number.MAX_SAFE_INTEGER

/** The command on a line without its end. @throws Bad */
export function readCommand(bytes: Buffer): Command {
  const line = bytes.toString('utf8')
  const space = line.indexOf(' ')
  const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase()
  const rest = space < 0 ? '' : line.slice(space + 1).trimEnd()
  switch (verb) {
    case 'MAIL':
      return readMail(rest)
    case 'RCPT':
      return readRcpt(rest)
    case 'BDAT':
      return readBdat(rest)
    case 'LHLO':
      return { kind: 'LHLO', name: readName(rest) }
    case 'AUTH':
      return readAuth(rest)
    case 'VRFY':
    case 'HELP':
      return { kind: verb, argument: rest }
    case 'NOOP':
      return { kind: verb }
    case 'DATA':
    case 'RSET':
    case 'QUIT':
    case 'STARTTLS':
      if (rest !== '') throw badParameters()
      return { kind: verb }
    default:
      throw syntaxError()
  }
}

/** A client's name: kept as it is if it is harmless in a Received line. */
function readName(text: string): string {
  if (text === '' || text.length > 255 || !/^[!-~]+$/.test(text) || /[()<>\\"]/.test(text)) throw badParameters()
  return text
}

function afterWord(rest: string, word: string): number {
  if (rest.slice(0, word.length).toUpperCase() !== word) throw rest === '' ? syntaxError() : badParameters()
  let at = word.length
  while (rest.charCodeAt(at) === 0x20) at++ // "FROM: <a@b>" is wrong and common
  return at
}

function readMail(rest: string): MailCommand {
  const { path, end } = readPath(rest, afterWord(rest, 'FROM:'))
  readMailbox(path)
  let size: number | undefined
  let body: MailCommand['body'] = '7BIT'
  let submitter: string | undefined
  let utf8 = false
  for (const [name, value] of parametersOf(rest, end)) {
    if (name === 'SIZE') size = readSize(value)
    else if (name === 'BODY') body = readBody(value)
    else if (name === 'AUTH') submitter = value === '<>' ? '' : readXtext(value)
    else if (name === 'SMTPUTF8' && value === '') utf8 = true
    else if (name !== 'RET' && name !== 'ENVID') throw new Bad(555, '5.5.4', 'Unrecognized parameters')
  }
  return { kind: 'MAIL', returnPath: path, size, body, submitter, utf8 }
}

function readRcpt(rest: string): RcptCommand {
  const { path, end } = readPath(rest, afterWord(rest, 'TO:'))
  let ignoreQuota = false
  for (const [name, value] of parametersOf(rest, end)) {
    if (name === 'IGNOREQUOTA' && value === '') ignoreQuota = true
    else if (name !== 'NOTIFY' && name !== 'ORCPT') throw new Bad(555, '5.5.4', 'Unrecognized parameters')
  }
  return { kind: 'RCPT', mailbox: readMailbox(path), ignoreQuota }
}

/** esmtp-param *(SP esmtp-param), each as upper-case keyword and value ('' where there is none). RFC 5321 §4.1.2 */
function parametersOf(rest: string, start: number): [string, string][] {
  if (start === rest.length) return []
  if (rest.charCodeAt(start) !== 0x20) throw badParameters()
  return rest
    .slice(start + 1)
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const equals = word.indexOf('=')
      return equals < 0 ? [word.toUpperCase(), ''] : [word.slice(0, equals).toUpperCase(), word.slice(equals + 1)]
    })
}

function readSize(text: string): number {
  const size = /^[0-9]{1,20}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(size)) throw badParameters()
  return Math.min(size, maxSize)
}

function readBody(text: string): MailCommand['body'] {
  const body = text.toUpperCase()
  if (body === '7BIT' || body === '8BITMIME' || body === 'BINARYMIME') return body
  throw badParameters('Unrecognized BODY type')
}

/** BDAT size [LAST]. RFC 3030 §2 */
function readBdat(rest: string): Command {
  const match = /^([0-9]{1,15})(?: +(LAST))?$/i.exec(rest)
  if (match === null) throw badParameters()
  return { kind: 'BDAT', size: Number(match[1]), last: match[2] !== undefined }
}

/** AUTH mechanism [initial-response]; "=" is the empty response. RFC 4954 §4 */
function readAuth(rest: string): Command {
  const [mechanism = '', initial, more] = rest.split(' ')
  if (!/^[A-Za-z0-9_-]{1,20}$/.test(mechanism) || more !== undefined) throw badParameters()
  return { kind: 'AUTH', mechanism: mechanism.toUpperCase(), initial }
}
