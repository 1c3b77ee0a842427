/**
 * The messages that benchmarks send: the same for everyone who uses the same seed.
 * 2,000 distinct ones: plain, alternative, attachments (log-normal sizes, median 8 KB, at most 2 MB), nested, encoded words, threads.
 */

/** A message ready for DATA: dot-stuffed, with the closing dot; `idAt` is where the 12 digits of its Message-ID stand. */
export interface WireMessage {
  bytes: Buffer
  idAt: number
}

const idDigits = 12

/** A generator of numbers from 0 to 1 (mulberry32): small, fast, and the same on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** The corpus in the order it is sent. */
export function corpus(count = 2_000, seed = 20_261_121): WireMessage[] {
  const random = randomNumbers(seed)
  return [...Array(count).keys()].map((number) => wire(corpusMessage(number, random)))
}

/** A plain message of this many bytes. */
export function fixedMessage(size: number): WireMessage {
  const head = header({ number: 0, subject: 'fixed', references: '', type: 'text/plain; charset=us-ascii' })
  const line = `${'The quick brown fox jumps over the lazy dog and on. '.repeat(2).slice(0, 74)}\r\n`
  const body = line.repeat(Math.ceil(size / line.length)).slice(0, Math.max(0, size - head.length - 2))
  return wire(`${head}${body}\r\n`)
}

/** The message with this number in its Message-ID: one copy of its bytes, nothing parsed. */
export function numbered({ bytes, idAt }: WireMessage, number: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.write(String(number).padStart(idDigits, '0'), idAt, 'latin1')
  return copy
}

function wire(text: string): WireMessage {
  const whole = text.endsWith('\r\n') ? text : `${text}\r\n`
  const bytes = Buffer.from(`${whole.replace(/^\./gm, '..')}.\r\n`, 'latin1')
  return { bytes, idAt: bytes.indexOf('Message-ID: <') + 'Message-ID: <'.length }
}

interface Head {
  number: number
  subject: string
  references: string
  type: string
}

const names = [
  'Ada Lovelace',
  '=?utf-8?q?J=C3=BCrgen_Gro=C3=9F?=',
  'Grace Hopper',
  '=?iso-8859-1?Q?Andr=E9?= Weil',
  'root',
]
const words = 'budget meeting report invoice question holiday server release draft lunch contract travel minutes'.split(
  ' ',
)

function header({ number, subject, references, type }: Head): string {
  const name = names[number % names.length] ?? ''
  const minute = String(number % 60).padStart(2, '0')
  const lines = [
    `Received: from mx${number % 7}.example.net (mx.example.net [192.0.2.${number % 250}])`,
    `\tby mail.example.test with ESMTPS id ${number.toString(36)}; Sat, 21 Nov 2026 07:${minute}:00 +0000`,
    `From: ${name} <sender${number % 300}@example.net>`,
    `To: Reader <reader@example.test>, team${number % 20}@example.test`,
    ...(number % 3 === 0 ? [`Cc: "Last, First" <cc${number % 50}@example.org>`] : []),
    `Subject: ${subject}`,
    `Date: Sat, ${String(1 + (number % 28)).padStart(2, '0')} Nov 2026 08:${minute}:00 +0100`,
    `Message-ID: <${'0'.repeat(idDigits)}.${number}@corpus.example.net>`,
    ...(references ? [`In-Reply-To: ${references.split(' ').at(-1)}`, `References: ${references}`] : []),
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    ...(number % 4 === 0 ? ['List-Id: <list.example.net>', 'X-Spam-Status: No, score=-1.9'] : []),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

function corpusMessage(number: number, random: () => number): string {
  const word = (): string => words[Math.floor(random() * words.length)] ?? ''
  const plainSubject = `${word()} ${word()} ${number % 97}`
  const encoded = `=?utf-8?b?${Buffer.from(`Grüße: ${plainSubject}`).toString('base64')}?=`
  const thread = number % 40
  const references =
    thread === 0
      ? ''
      : [...Array(Math.min(thread, 12)).keys()]
          .map((step) => `<t${number - thread}.${step}@corpus.example.net>`)
          .join(' ')
  const subject = `${thread ? 'Re: ' : ''}${number % 5 === 0 ? encoded : plainSubject}`
  const text = (lines: number): string =>
    [...Array(lines).keys()].map(() => `${[...Array(11).keys()].map(word).join(' ')}\r\n`).join('')
  const kind = number % 10
  const head = (type: string): string => header({ number, subject, references, type })
  if (kind < 3) return head('text/plain; charset=utf-8') + text(8 + Math.floor(random() * 60))
  const alternative = (edge: string): string =>
    `--${edge}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text(12)}\r\n` +
    `--${edge}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n` +
    `<html><body>${text(20)}=E2=82=AC</body></html>\r\n\r\n--${edge}--\r\n`
  if (kind < 5) return head('multipart/alternative; boundary="alt"') + alternative('alt')
  const attachment = (edge: string): string =>
    `--${edge}\r\nContent-Type: application/pdf; name="${word()}.pdf"\r\nContent-Transfer-Encoding: base64\r\n` +
    `Content-Disposition: attachment; filename="${word()}.pdf"\r\n\r\n${base64(logNormal(random), random)}\r\n`
  if (kind < 9)
    return `${head('multipart/mixed; boundary="mix"')}--mix\r\nContent-Type: text/plain\r\n\r\n${text(10)}\r\n${attachment('mix')}--mix--\r\n`
  return (
    `${head('multipart/mixed; boundary="outer"')}preamble\r\n--outer\r\nContent-Type: multipart/alternative; boundary="inner"\r\n\r\n` +
    `${alternative('inner')}\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n` +
    `From: inner@example.net\r\nSubject: forwarded ${word()}\r\nContent-Type: text/plain\r\n\r\n${text(6)}\r\n${attachment('outer')}--outer--\r\n`
  )
}

/** Bytes of an attachment: log-normal, median 8 KB, cut at 2 MB. */
function logNormal(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.min(2_000_000, Math.round(8_192 * Math.exp(1.7 * normal)))
}

function base64(size: number, random: () => number): string {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.floor(random() * 4294967296), at)
  return bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
}
