/**
 * Address lists, read as Cyrus reads them for ENVELOPE: whatever stands there gives some list.
 * What RFC 5322 §3.4 calls correct is read as it says; the rest is described at the functions.
 */

/**
 * One entry as ENVELOPE shows it, bytes as latin1 text, undefined for NIL. A group starts with an entry that has only a
 * mailbox, its name, and ends with one that has nothing. RFC 9051 §7.5.2
 */
export interface Address {
  readonly name: string | undefined
  /** The source route of RFC 5322 §4.4, `@a,@b`. */
  readonly route: string | undefined
  readonly mailbox: string | undefined
  readonly host: string | undefined
}

/** More entries are not read: a hostile field of 1 MB would give an answer of 4 MB. */
export const MAX_ADDRESSES = 10_000

/** The host of an address that has none. */
export const UNSPECIFIED_DOMAIN = 'unspecified-domain'

const END = -1
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const OPEN = 0x28
const CLOSE = 0x29
const DOT = 0x2e
const COLON = 0x3a
const SEMICOLON = 0x3b
const LESS = 0x3c
const GREATER = 0x3e
const AT = 0x40
const BACKSLASH = 0x5c

/** What a byte does: the bits of the places where it is special. */
const inPhrase = 1
const outsideGroup = 2
const insideGroup = 4
const inAngle = 8
const inDomain = 16
const inRoute = 32
const inQuotes = 64
const bits = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  return (
    ('\t\n\v\f\r "('.includes(char) ? inPhrase : 0) |
    (',@<:'.includes(char) ? outsideGroup : 0) |
    (',@<;'.includes(char) ? insideGroup : 0) |
    ('@>'.includes(char) ? inAngle : 0) |
    (/[-0-9A-Za-z[\]:@]/.test(char) ? inDomain : 0) |
    (/[-0-9A-Za-z[\]@,]/.test(char) ? inRoute : 0) |
    ((byte < SPACE && byte !== TAB) || byte === 0x7f || '"\\'.includes(char) ? inQuotes : 0)
  )
})

interface Cursor {
  readonly text: string
  at: number
}

/** Reads the value of From, To and the like, folded or not. Linear in its length; never throws. */
export function readAddresses(text: string): Address[] {
  const list: Address[] = []
  const cursor: Cursor = { text, at: 0 }
  let grouped = false
  let open = true
  while (open && list.length < MAX_ADDRESSES) {
    const phrase = readPhrase(cursor, grouped ? insideGroup : outsideGroup)
    if (phrase === undefined) break
    let stop = phrase.stop
    if (stop === AT) {
      const domain = readDomain(cursor, inDomain)
      list.push(address({ name: domain.comment, mailbox: phrase.text, host: domain.text }))
      stop = domain.stop
    } else if (stop === LESS) {
      list.push(readAngle(cursor, phrase.text === '' ? undefined : phrase.text))
    } else if (stop === COLON) {
      list.push({ name: undefined, route: undefined, mailbox: phrase.text, host: undefined })
      grouped = true
    } else if (phrase.text !== '') {
      list.push(address({ mailbox: phrase.text, host: '' }))
    }
    if (stop === SEMICOLON) {
      list.push(groupEnd)
      grouped = false
    }
    open = stop !== END
  }
  if (grouped) list.push(groupEnd)
  return list
}

const groupEnd: Address = { name: undefined, route: undefined, mailbox: undefined, host: undefined }

function address({ name, mailbox, host }: { name?: string | undefined; mailbox: string; host: string }): Address {
  return { name: name === '' ? undefined : name, route: undefined, mailbox, host: host || UNSPECIFIED_DOMAIN }
}

function byteAt({ text, at }: Cursor): number {
  return at < text.length ? text.charCodeAt(at) & 0xff : END
}

/**
 * Words up to one of the special characters, which is passed. White space and comments after a word become one space, of
 * which one goes at the end; quotes go, their backslashes too. Undefined if a quoted string does not end: nothing after it
 * can be trusted.
 */
function readPhrase(cursor: Cursor, special: number): { text: string; stop: number } | undefined {
  const { text } = cursor
  let phrase = ''
  let started = false
  for (;;) {
    const from = cursor.at
    while (
      cursor.at < text.length &&
      ((bits[text.charCodeAt(cursor.at) & 0xff] as number) & (special | inPhrase)) === 0
    )
      cursor.at++
    if (cursor.at > from) {
      phrase += text.slice(from, cursor.at)
      started = true
    }
    const byte = byteAt(cursor)
    if (byte === QUOTE) {
      const quoted = readQuoted(cursor)
      if (quoted === undefined) return undefined
      phrase += quoted
      started = true
    } else if (byte === OPEN || isBlank(byte)) {
      skipGap(cursor)
      if (started) phrase += ' '
    } else {
      cursor.at++
      return { text: phrase.endsWith(' ') ? phrase.slice(0, -1) : phrase, stop: byte }
    }
  }
}

function skipGap(cursor: Cursor): void {
  for (;;) {
    const byte = byteAt(cursor)
    if (byte === OPEN) readComment(cursor)
    else if (isBlank(byte)) cursor.at++
    else return
  }
}

/** The cursor on the first quote. Folds and control characters go; a lone CR becomes a space. */
function readQuoted(cursor: Cursor): string | undefined {
  const { text } = cursor
  let quoted = ''
  let from = ++cursor.at
  for (; cursor.at < text.length; cursor.at++) {
    const byte = text.charCodeAt(cursor.at) & 0xff
    if (((bits[byte] as number) & inQuotes) === 0) continue
    quoted += text.slice(from, cursor.at)
    from = cursor.at + 1
    if (byte === QUOTE) {
      cursor.at++
      return quoted
    }
    if (byte === BACKSLASH) cursor.at++
    else if (byte === CR && text.charCodeAt(from) !== LF) quoted += ' '
  }
  return undefined
}

/** The cursor on the parenthesis: what stands in it, folds and inner comments as they are. It may lack its end. */
function readComment(cursor: Cursor): string {
  const { text } = cursor
  let comment = ''
  let from = ++cursor.at
  let depth = 1
  for (; cursor.at < text.length; cursor.at++) {
    const byte = text.charCodeAt(cursor.at)
    if (byte === OPEN) depth++
    else if (byte === CLOSE && --depth === 0) return comment + text.slice(from, cursor.at++)
    else if (byte === BACKSLASH) {
      comment += text.slice(from, cursor.at)
      from = ++cursor.at
    }
  }
  cursor.at = text.length
  return comment + text.slice(from)
}

interface Domain {
  readonly text: string
  /** The last comment, if no more of the domain follows it: the old way to give a name. */
  readonly comment: string | undefined
  readonly stop: number
}

/**
 * Letters, digits and the few marks of `allowed`, white space left out, dots only between other characters; the first
 * other character ends it and is passed, whatever it is.
 */
function readDomain(cursor: Cursor, allowed: number): Domain {
  let text = ''
  let comment: string | undefined
  let dot = false
  for (;;) {
    const from = cursor.at
    while (
      cursor.at < cursor.text.length &&
      ((bits[cursor.text.charCodeAt(cursor.at) & 0xff] as number) & allowed) !== 0
    )
      cursor.at++
    if (cursor.at > from) {
      text += (dot && text !== '' ? '.' : '') + cursor.text.slice(from, cursor.at)
      dot = false
      comment = undefined
    }
    const byte = byteAt(cursor)
    if (byte === DOT) {
      dot = true
      comment = undefined
    } else if (byte === OPEN) {
      const said = readComment(cursor)
      if (text !== '') comment = said
      continue
    } else if (!isBlank(byte)) {
      cursor.at++
      return { text, comment, stop: byte }
    }
    cursor.at++
  }
}

/** What stands between < and >, the cursor after <; all up to the > is passed. `@a,@b:` before the mailbox is a route. */
function readAngle(cursor: Cursor, name: string | undefined): Address {
  let { text: mailbox, stop } = readLocalPart(cursor)
  let route: string | undefined
  let host = ''
  if (mailbox === '' && stop === AT) {
    const domain = readDomain(cursor, inRoute)
    const text = domain.text.replace(/[,@]+$/, '')
    if (text !== '') route = `@${text}`
    stop = domain.stop
    if (stop === COLON) ({ text: mailbox, stop } = readLocalPart(cursor))
  }
  if (stop === AT) ({ text: host, stop } = readDomain(cursor, inDomain))
  if (stop !== GREATER) {
    const end = cursor.text.indexOf('>', cursor.at)
    cursor.at = end < 0 ? cursor.text.length : end + 1
  }
  return { name, route, mailbox, host: host || UNSPECIFIED_DOMAIN }
}

function readLocalPart(cursor: Cursor): { text: string; stop: number } {
  return readPhrase(cursor, inAngle) ?? { text: '', stop: END }
}

/** Also vertical tab and form feed. */
function isBlank(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CR)
}
