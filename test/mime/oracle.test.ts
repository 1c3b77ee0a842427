/** postal-mime as a second opinion: what correct messages say in subject, addresses, texts and attachments. */
import { expect } from 'chai'
import fc from 'fast-check'
import PostalMime, { type Email } from 'postal-mime'
import { disposition } from '../../src/mime/body-fields.js'
import { decodeText } from '../../src/mime/encoded-word.js'
import { envelopeOf } from '../../src/mime/envelope.js'
import { layoutOf, type PartLayout } from '../../src/mime/layout.js'
import { parameterText } from '../../src/mime/parameter-text.js'
import { partText } from '../../src/mime/search-text.js'
import { type Part, scan } from '../../src/mime/structure.js'
import { decodeBody } from '../../src/mime/transfer-encoding.js'
import { fuzzRuns } from '../support/fuzz.js'

interface Draft {
  readonly subject: string
  readonly name: string
  readonly text: string
  readonly html: string
  readonly fileName: string
  readonly attachment: Buffer
  readonly base64: boolean
}

const word = (text: string, base64: boolean): string =>
  base64
    ? `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
    : `=?utf-8?Q?${[...Buffer.from(text)].map((octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('')}?=`

const encode = (octets: Buffer, base64: boolean): string =>
  base64
    ? octets.toString('base64').replace(/.{76}/g, '$&\r\n')
    : [...octets]
        .map((octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`)
        .join('')
        .replace(/.{72}/g, '$&=\r\n')

function compose({ subject, name, text, html, fileName, attachment, base64 }: Draft): Buffer {
  const encoding = `Content-Transfer-Encoding: ${base64 ? 'base64' : 'quoted-printable'}`
  return Buffer.from(
    `From: ${word(name, base64)} <from@example.com>
To: a@example.com, "B, C" <b@example.com>
Subject: ${word(subject, base64)}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=utf-8
${encoding}

${encode(Buffer.from(text), base64)}
--inner
Content-Type: text/html; charset=utf-8
${encoding}

${encode(Buffer.from(html), base64)}
--inner--
--outer
Content-Type: application/octet-stream
Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(fileName).replace(/[!'()*]/g, escape)}
Content-Transfer-Encoding: base64

${encode(attachment, true)}
--outer--
`.replace(/\r?\n/g, '\r\n'),
  )
}

describe('mime against postal-mime', () => {
  it('reads the same out of correct messages', async () => {
    const words = fc.string({
      minLength: 1,
      maxLength: 12,
      unit: fc.constantFrom('a', 'Z', '9', 'é', 'ß', '€', '日', '😀', '.'),
    })
    const draft = fc.record({
      subject: words,
      name: words,
      text: words,
      html: words,
      fileName: words,
      attachment: fc.uint8Array({ minLength: 1 }).map((octets) => Buffer.from(octets)),
      base64: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(draft, async (one) => {
        const view = compose(one)
        const email = await PostalMime.parse(view)
        compare(view, email)
        expect(email.subject).to.equal(one.subject)
      }),
      fuzzRuns(100),
    )
  })
})

function compare(view: Buffer, email: Email): void {
  const structure = scan(view)
  const envelope = envelopeOf(view, structure.fields)
  expect(decodeText(envelope.subject ?? '')).to.equal(email.subject)
  const [from] = envelope.from
  expect({ name: decodeText(from?.name ?? ''), address: `${from?.mailbox}@${from?.host}` }).to.deep.equal({
    name: email.from?.name,
    address: email.from?.address,
  })
  expect(envelope.to.map(({ mailbox, host }) => `${mailbox}@${host}`)).to.deep.equal(
    email.to?.map(({ address }) => address),
  )
  const [alternative, file] = layoutOf(view, structure).parts as [PartLayout, PartLayout]
  const [plain, html] = alternative.parts as [PartLayout, PartLayout]
  expect(partText(view, plain).trimEnd()).to.equal(email.text?.trimEnd())
  const htmlBody = decodeBody(view.subarray(html.headerEnd, html.bodyEnd), html.encoding)
  expect(htmlBody.toString().trimEnd()).to.equal(email.html?.trimEnd())
  const [attachment] = email.attachments
  const octets = decodeBody(view.subarray(file.headerEnd, file.bodyEnd), file.encoding)
  expect(octets.equals(Buffer.from(attachment?.content as ArrayBuffer))).to.equal(true)
  const said = disposition(view, (structure.parts[1] as Part).fields)
  expect(parameterText(said?.parameters ?? [], 'FILENAME')).to.equal(attachment?.filename)
}
