// What delivery sees of a header, whole and in slices.
import { expect } from 'chai'
import fc from 'fast-check'
import { headerEnd, scanHeader } from '../../src/delivery/header-scan.js'
import { Reception } from '../../src/delivery/incoming.js'
import { fakeStore } from './fake-store.js'

const examples: [string, string | undefined, boolean][] = [
  ['Message-ID: <a@b>\r\n\r\n', '<a@b>', false],
  ['Received: x\r\nMESSAGE-id:<a@b> \r\n\r\n', '<a@b>', true],
  ['Message-ID:\r\n <a@b>\r\nSubject: x\r\n\r\n', '<a@b>', false],
  ['Message-ID: <a\n\t@b>\n\nMessage-ID: <c>\n', '<a\t@b>', false],
  ['Subject: x\n\nReceived: y\n', undefined, false],
  ['\r\nReceived: y\r\n', undefined, false],
  ['Message-ID:\r\n\r\n', undefined, false],
  [`Message-ID: ${'x'.repeat(1200)}\r\n\r\n`, undefined, false],
  ['X-Message-ID: <a>\r\n Received: y\r\n\r\n', undefined, false],
  ['Message-ID: <first>\r\nMessage-ID: <second>\r\n\r\n', '<first>', false],
  ['Message-ID: <no end>', '<no end>', false],
  ['', undefined, false],
]

describe('header scan', () => {
  for (const [header, messageId, received] of examples)
    it(JSON.stringify(header.slice(0, 40)), () =>
      expect(scanHeader(Buffer.from(header))).to.deep.equal({ messageId, received }),
    )

  it('finds the end of the header', () => {
    const ends: [string, number][] = [
      ['a\r\n\r\nb', 5],
      ['a\n\nb', 3],
      ['\r\nb', 2],
      ['\nb', 1],
      ['a\r\n', -1],
      ['a\n\r\nb', 4],
    ]
    for (const [text, end] of ends) expect(headerEnd(Buffer.from(text)), text).to.equal(end)
  })

  it('sees the same in whatever slices the message comes', async () => {
    const message = 'Received: x\r\nMessage-ID: <a@b>\r\nSubject: \xe9\r\n\r\nMessage-ID: <c@d>\r\n\xe9'
    const options = { maxmessagesize: 0, reject8bit: false, munge8bit: true }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: message.length }), { maxLength: 5 }), async (cuts) => {
        const reception = new Reception(fakeStore().store.stage('default'), {
          preface: Buffer.from('P: x\r\n'),
          options,
        })
        const ends = [0, ...cuts.sort((a, b) => a - b), message.length]
        for (const [index, end] of ends.slice(1).entries())
          reception.write(Buffer.from(message.slice(ends[index], end), 'latin1'))
        const { staged, messageId, received } = await reception.finish('')
        expect({ messageId, received }).to.deep.equal({ messageId: '<a@b>', received: true })
        const munged = message.replace('\xe9', 'X')
        if (staged.kind === 'memory') expect(staged.bytes.toString('latin1')).to.equal(`P: x\r\n${munged}`)
      }),
    )
  })
})
