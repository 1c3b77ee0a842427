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

/** Longest text of a line: that of a SASL challenge. All others keep to 512 octets. RFC 5321 §4.5.3.1.5, RFC 4954 §4 */
const maxTextLength = 16_384

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

/** One line of a reply, as a client reads it; the reply ends with the line that is `last`. */
export type ReplyLine = {
  readonly code: number
  readonly last: boolean
  readonly enhanced: string | undefined
  readonly text: string
}

/** Reads a line of a server; undefined when it is no reply. The enhanced code is looked for where its class fits the code's. */
export function readReplyLine(line: string): ReplyLine | undefined {
  const [, code = '', separator, rest = ''] = /^([2-5][0-9]{2})([ -]|$)(.*)$/.exec(line) ?? []
  if (code === '') return undefined
  const [, enhanced, text] = /^([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: (.*))?$/.exec(rest) ?? []
  const fits = enhanced !== undefined && enhanced.charAt(0) === code.charAt(0)
  return {
    code: Number(code),
    last: separator !== '-',
    enhanced: fits ? enhanced : undefined,
    text: fits ? (text ?? '') : rest,
  }
}
