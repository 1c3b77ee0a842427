import { expect } from 'chai'
import fc from 'fast-check'
import type { InternalName } from '../../../src/store/mailbox-name.js'
import { formatHeader, type MailboxHeader, maxHeaderSize, readHeader } from '../../../src/store/spool/header-file.js'
import type { MailboxId, ModSeq, Uid } from '../../../src/store/types.js'

const header: MailboxHeader = {
  id: 7 as MailboxId,
  name: 'example.com!user.paul.Gesendet &- mehr' as InternalName,
  uniqueId: '5f2e8a1bc0ffee',
  uidValidity: 1_700_000_000,
  uidNext: 4711 as Uid,
  highestModSeq: 99 as ModSeq,
  partition: 'default',
  acl: 'paul@example.com\tlrswipkxtecdan\tgroup:the team\tlrs\t-anyone\tp\t',
  quotaRoot: 'example.com!user.paul' as InternalName,
  keywords: ['$Forwarded', 'wichtig%20', 'Junk'],
  specialUse: ['\\Sent'],
  createdAt: 1_699_999_999,
  createdModSeq: 1 as ModSeq,
  version: 12,
  sharedSeen: false,
  pop3ShowAfter: 0,
}

const text = formatHeader(header)

describe('store/spool/header-file', () => {
  it('is text that a person can read', () => {
    expect(text.split('\n')).to.deep.equal([
      'angarium mailbox header 1',
      'name example.com!user.paul.Gesendet%20&-%20mehr',
      'id 7',
      'uniqueid 5f2e8a1bc0ffee',
      'uidvalidity 1700000000',
      'uidnext 4711',
      'highestmodseq 99',
      'partition default',
      'quotaroot example.com!user.paul',
      'acl paul@example.com lrswipkxtecdan',
      'acl group:the%20team lrs',
      'acl -anyone p',
      'keyword $Forwarded',
      'keyword wichtig%2520',
      'keyword Junk',
      'specialuse \\Sent',
      'created 1699999999',
      'createdmodseq 1',
      'version 12',
      'sharedseen no',
      'pop3showafter 0',
      text.split('\n').at(-2),
      '',
    ])
    expect(text.split('\n').at(-2)).to.match(/^crc [0-9a-f]{8}$/)
  })

  it('reads what it wrote', () => {
    expect(readHeader(Buffer.from(text))).to.deep.equal({ kind: 'whole', header })
    const bare = { ...header, quotaRoot: undefined, acl: '', keywords: [], specialUse: [], sharedSeen: true }
    expect(readHeader(Buffer.from(formatHeader(bare)))).to.deep.equal({ kind: 'whole', header: bare })
  })

  it('reads what it wrote, whatever the words', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.nat(), (keywords, uidValidity) => {
        const other = { ...header, keywords, uidValidity }
        expect(readHeader(Buffer.from(formatHeader(other)))).to.deep.equal({ kind: 'whole', header: other })
      }),
    )
  })

  it('notices every changed, lost or added octet, and never takes rights from a damaged file', () => {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      for (const wrong of [changed, bytes.subarray(0, at)]) {
        const file = readHeader(wrong)
        expect(file.kind, `octet ${at}`).not.to.equal('whole')
        expect(file).not.to.have.property('header')
      }
    }
  })

  it('salvages what a damaged file still says about who it was', () => {
    const cut = Buffer.from(text.slice(0, text.indexOf('partition')))
    expect(readHeader(cut)).to.deep.equal({
      kind: 'damaged',
      reason: 'wrong checksum',
      salvage: { name: header.name, uniqueId: header.uniqueId, uidValidity: header.uidValidity },
    })
    expect(readHeader(Buffer.alloc(0))).to.deep.equal({ kind: 'damaged', reason: 'empty', salvage: {} })
    expect(readHeader(Buffer.alloc(maxHeaderSize + 1)).kind).to.equal('damaged')
  })

  it('says when a later server wrote it', () => {
    const later = Buffer.from(text.replace('header 1', 'header 2'))
    expect(readHeader(later)).to.deep.equal({ kind: 'newer', version: 2 })
  })

  it('throws nothing, whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readHeader(Buffer.from(bytes)).kind !== 'whole'),
    )
  })
})
