/** Replies: +OK or -ERR, a response code, text, and perhaps many lines. RFC 1939 §3, RFC 2449 §8 */

/** RFC 2449 §8.1, RFC 3206, RFC 6856 §5 */
export type ResponseCode = 'IN-USE' | 'LOGIN-DELAY' | 'SYS/TEMP' | 'SYS/PERM' | 'AUTH' | 'UTF8'

export interface Reply {
  readonly ok: boolean
  readonly code?: ResponseCode
  readonly text: string
  /** Pieces of a multi-line response, each line with its CRLF, dots doubled. */
  readonly body?: Iterable<Buffer>
}

export const ok = (text = '', body?: Iterable<Buffer>): Reply => ({ ok: true, text, ...(body ? { body } : {}) })
export const err = (text: string, code?: ResponseCode): Reply => ({ ok: false, text, ...(code ? { code } : {}) })

/** The status line, CRLF included; what could not stand in it is replaced. */
export function writeStatus({ ok, code, text }: Reply): string {
  const words = [ok ? '+OK' : '-ERR', ...(code ? [`[${code}]`] : []), ...(text === '' ? [] : [text])]
  return `${words
    .join(' ')
    .replace(/[\x00-\x1f\x7f]+/g, ' ')
    .slice(0, 510)}\r\n`
}

/** Lines as pieces of a body, some hundred lines a piece. The lines need no doubled dots: none begins with one. */
export function* linesBody(lines: Iterable<string>): Generator<Buffer> {
  let text = ''
  for (const line of lines) {
    text += `${line}\r\n`
    if (text.length > 8192) {
      yield Buffer.from(text)
      text = ''
    }
  }
  if (text !== '') yield Buffer.from(text)
}
