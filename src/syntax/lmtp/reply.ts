// Replies on the wire: code, enhanced status code on each line, text. RFC 5321 §4.2, RFC 2034 §4

/** What a server answers to one command, or for one recipient. */
export type Reply = {
  readonly code: number
  /** `2.1.5`; undefined for the replies that carry none: greeting, LHLO, 3xx. RFC 2034 §4 */
  readonly enhanced?: string | undefined
  /** One text a line; ASCII without line ends. The enhanced code stands on the last line, as Cyrus does it. */
  readonly lines: readonly string[]
}

/** A reply of one line. */
export function reply(code: number, enhanced: string | undefined, text: string): Reply {
  return { code, enhanced, lines: [text] }
}

/** Longest text of a line; RFC 5321 §4.5.3.1.5 allows 512 octets with the code. */
const maxTextLength = 490

/** The reply as bytes. */
export function formatReply({ code, enhanced, lines }: Reply): string {
  let text = ''
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1
    text += `${code}${last ? ' ' : '-'}${last && enhanced !== undefined ? `${enhanced} ` : ''}${safe(line)}\r\n`
  }
  return text
}

/** The line without what could forge another one. */
function safe(line: string): string {
  const printable = /^[ -~]*$/.test(line) ? line : line.replace(/[^ -~]/g, '?')
  return printable.length > maxTextLength ? printable.slice(0, maxTextLength) : printable
}
