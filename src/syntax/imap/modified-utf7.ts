// Modified UTF-7, the old form of international mailbox names. RFC 3501 §5.1.3

const AMPERSAND = 0x26
const alphabet = /^[A-Za-z0-9+,]*$/

/** Writes Unicode text as modified UTF-7. */
export function encodeModifiedUtf7(text: string): string {
  if (/^[\x20-\x25\x27-\x7e]*$/.test(text)) return text
  return text.replace(/&|[^\x20-\x7e]+/g, (run) => (run === '&' ? '&-' : `&${encodeRun(run)}-`))
}

function encodeRun(run: string): string {
  const utf16 = Buffer.from(run, 'utf16le').swap16()
  return utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')
}

/**
 * Reads modified UTF-7; undefined when it is not well-formed: 8-bit or control octets, a broken or needless shift,
 * an unpaired surrogate. So each name has exactly one form, and what is read is written back the same.
 */
export function decodeModifiedUtf7(wire: string): string | undefined {
  if (/[^\x20-\x7e]/.test(wire)) return undefined
  if (!wire.includes('&')) return wire
  let text = ''
  let at = 0
  while (at < wire.length) {
    if (wire.charCodeAt(at) !== AMPERSAND) {
      const next = wire.indexOf('&', at)
      const end = next < 0 ? wire.length : next
      text += wire.slice(at, end)
      at = end
      continue
    }
    const end = wire.indexOf('-', at)
    const run = end < 0 ? undefined : decodeRun(wire.slice(at + 1, end))
    if (run === undefined) return undefined
    text += run
    at = end + 1
  }
  return encodeModifiedUtf7(text) === wire ? text : undefined
}

function decodeRun(run: string): string | undefined {
  if (run === '') return '&'
  if (!alphabet.test(run)) return undefined
  const bytes = Buffer.from(run.replaceAll(',', '/'), 'base64')
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined
  const text = bytes.swap16().toString('utf16le')
  return /\p{Surrogate}/u.test(text) ? undefined : text
}
