/**
 * How fast messages are scanned, described and searched: `node dist/bench/mime.js`, one line a task, per second
 * of CPU time.
 */
import { bodyStructureWire, bodyWire } from '../src/mime/body-wire.js'
import { envelopeWire } from '../src/mime/envelope-wire.js'
import { layoutOf, packLayout } from '../src/mime/layout.js'
import { needleOf, textMatches } from '../src/mime/search-text.js'
import { scan } from '../src/mime/structure.js'
import { examine } from '../src/mime/view.js'

const rounds = 12
const line = 'The quick brown fox jumps over the lazy dog and goes on for seventy.\r\n'
const encodedLine = `${'A'.repeat(76)}\r\n`

function header(index: number): string {
  const received = `Received: from a.example.com (a.example.com [192.0.2.1])\r\n\tby mx.example.org (Postfix) with ESMTPS id ABC${index}\r\n\tfor <fred@example.org>; Mon, 2 Nov 2026 10:00:00 +0000 (UTC)\r\n`
  return `${received.repeat(6)}DKIM-Signature: v=1; a=rsa-sha256; d=example.com;\r\n\tb=${'x'.repeat(60)}\r\n\t ${'y'.repeat(70)}\r\nFrom: Fred Foobar <foobar@example.com>\r\nTo: mooch@example.org, "A, B" <ab@example.org>\r\nSubject: afternoon meeting ${index}\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\nMessage-ID: <B27397.${index}@example.com>\r\nMIME-Version: 1.0\r\n`
}

function parts(boundary: string, bodies: readonly string[]): string {
  return `${bodies.map((body) => `--${boundary}\r\n${body}\r\n`).join('')}--${boundary}--\r\n`
}

/** Half plain, half multipart/alternative, now and then an attachment of 1 MB: 16 KB each on average. */
function message(index: number): Buffer {
  const boundary = `=_${index}`
  const text = `Content-Type: text/plain; charset=utf-8\r\n\r\n${line.repeat(30 + (index % 90))}`
  const html = `Content-Type: text/html; charset=utf-8\r\n\r\n${line.repeat(60 + (index % 90))}`
  const file = `Content-Type: application/pdf; name="x.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${encodedLine.repeat(13_000)}`
  const multipart = (kind: string, bodies: readonly string[]): string =>
    `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts(boundary, bodies)}`
  const whole =
    index % 100 === 77
      ? multipart('mixed', [text, file])
      : index % 10 < 5
        ? text
        : multipart('alternative', [text, html])
  return Buffer.from(header(index) + whole, 'latin1')
}

const messages = Array.from({ length: 500 }, (_, index) => message(index))
const octets = messages.reduce((sum, { length }) => sum + length, 0)

function measure(task: string, run: (message: Buffer) => unknown): void {
  for (const each of messages) run(each)
  const started = process.cpuUsage()
  for (let round = 0; round < rounds; round++) for (const each of messages) run(each)
  const { user, system } = process.cpuUsage(started)
  const seconds = (user + system) / 1e6
  const perSecond = Math.round((rounds * messages.length) / seconds)
  console.log(`${task}: ${perSecond} messages/s, ${Math.round((rounds * octets) / seconds / 1e6)} MB/s`)
}

const needle = needleOf('nowhere to be found')
measure('is it its own view', examine)
measure('scan', scan)
measure('all that the cache keeps', (view) => {
  const structure = scan(view)
  return [
    envelopeWire(view, structure),
    bodyWire(view, structure),
    bodyStructureWire(view, structure),
    packLayout(layoutOf(view, structure)),
  ]
})
measure('SEARCH TEXT', (view) => textMatches(view, layoutOf(view, scan(view)), needle))
