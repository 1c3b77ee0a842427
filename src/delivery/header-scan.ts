// What delivery must know of a message's header before it is parsed: one walk over its lines, without regular expressions.

const LF = 0x0a
const CR = 0x0d

export type HeaderScan = {
  /** Value of the first Message-ID, trimmed and unfolded; undefined where there is none. Bounded. */
  readonly messageId: string | undefined
  /** Whether a Received line is there: an MTA has seen the message. */
  readonly received: boolean
}

const messageIdField = Buffer.from('message-id:')
const receivedField = Buffer.from('received:')

/** Longest Message-ID that counts, octets. */
const maxMessageId = 998

/** Walks over `header` (the message or its beginning) up to the first empty line. Line ends may be CR LF or LF. */
export function scanHeader(header: Buffer): HeaderScan {
  let messageId: string | undefined
  let received = false
  for (let at = 0; at < header.length; ) {
    const first = header[at]
    if (first === LF || (first === CR && header[at + 1] === LF)) break
    if (messageId === undefined && beginsWith(header, at, messageIdField)) messageId = fieldValue(header, at + 11)
    else if (!received && beginsWith(header, at, receivedField)) received = true
    const end = header.indexOf(LF, at)
    if (end < 0) break
    at = end + 1
  }
  return { messageId, received }
}

/** Whether the line at `at` begins with a field name in any case. */
function beginsWith(header: Buffer, at: number, field: Buffer): boolean {
  if (at + field.length > header.length) return false
  for (let i = 0; i < field.length; i++) {
    const c = header[at + i] ?? 0
    if ((c >= 0x41 && c <= 0x5a ? c + 32 : c) !== field[i]) return false
  }
  return true
}

/** The value that begins at `at`, continuation lines included. */
function fieldValue(header: Buffer, at: number): string | undefined {
  let end = header.indexOf(LF, at)
  while (end >= 0 && end - at < maxMessageId && (header[end + 1] === 0x20 || header[end + 1] === 0x09))
    end = header.indexOf(LF, end + 1)
  const value = header
    .toString('latin1', at, end < 0 ? header.length : end)
    .replace(/\r?\n/g, '')
    .trim()
  return value === '' || value.length > maxMessageId ? undefined : value
}

/** Where the header ends: the index after its empty line, or -1 while that has not come. `from`: where to go on looking. */
export function headerEnd(bytes: Buffer, from = 0): number {
  if (bytes[0] === LF) return 1
  if (bytes[0] === CR && bytes[1] === LF) return 2
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3
  }
  return -1
}
