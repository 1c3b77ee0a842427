/** Modified UTF-7 against the RFC's example, an independent implementation, and itself. */
import { expect } from 'chai'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { readMailbox, writeMailbox } from '../../../src/syntax/imap/mailbox.js'
import { decodeModifiedUtf7, encodeModifiedUtf7 } from '../../../src/syntax/imap/modified-utf7.js'
import { readerOf } from './parts.js'

const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((name) => !/[\0-\x1f\x7f]/.test(name))

describe('syntax/imap/modified-utf7', () => {
  it('writes the example of RFC 3501 §5.1.3', () => {
    expect(encodeModifiedUtf7('~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e')).equal('~peter/mail/&U,BTFw-/&ZeVnLIqe-')
  })

  it('reads back what it wrote, and agrees with iconv-lite', () => {
    fc.assert(
      fc.property(text, (name) => {
        const encoded = encodeModifiedUtf7(name)
        expect(decodeModifiedUtf7(encoded)).equal(name)
        expect(encoded).equal(iconv.encode(name, 'utf7-imap').toString('latin1'))
      }),
    )
  })

  it('mailbox names read back in both forms', () => {
    fc.assert(
      fc.property(text, (name) => {
        if (/^inbox$/i.test(name)) return
        for (const form of ['modifiedUtf7', 'utf8'] as const) {
          expect(readMailbox(readerOf(writeMailbox(name, form)), form)).equal(name)
        }
      }),
    )
  })
})
