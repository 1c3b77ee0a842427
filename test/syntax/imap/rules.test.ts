/** Examples of every grammar rule, valid and invalid apart, and a fuzzer: a reader throws nothing but Bad. */
import { expect } from 'chai'
import fc from 'fast-check'
import { readMailboxAndIdentifier, readSetAcl } from '../../../src/syntax/imap/acl.js'
import { readAppend } from '../../../src/syntax/imap/append.js'
import { Bad } from '../../../src/syntax/imap/bad.js'
import { readDate, readDateTime, writeDate, writeDateTime } from '../../../src/syntax/imap/date-time.js'
import { readFetchAtts } from '../../../src/syntax/imap/fetch-att.js'
import { readFlagList, readStoreFlags } from '../../../src/syntax/imap/flag.js'
import { readId } from '../../../src/syntax/imap/id.js'
import { readList, readLsub } from '../../../src/syntax/imap/list.js'
import { readListMailbox, readMailbox } from '../../../src/syntax/imap/mailbox.js'
import { readGetMetadata, readSetMetadata } from '../../../src/syntax/imap/metadata.js'
import { readQuota, readSetQuota, writeQuota } from '../../../src/syntax/imap/quota.js'
import type { Reader } from '../../../src/syntax/imap/reader.js'
import { readSearchKeys } from '../../../src/syntax/imap/search-key.js'
import { readSearchProgram, readSortProgram, readThreadProgram } from '../../../src/syntax/imap/search-program.js'
import { readSection, writeSection } from '../../../src/syntax/imap/section.js'
import { readFetchModifiers, readSelectParameters, readStoreModifiers } from '../../../src/syntax/imap/select-param.js'
import {
  readSequenceSet,
  resolveSet,
  STAR,
  writeNumbers,
  writeSequenceSet,
} from '../../../src/syntax/imap/sequence-set.js'
import { readStatusAtts } from '../../../src/syntax/imap/status-att.js'
import {
  readAstring,
  readNstring,
  readString,
  writeAstring,
  writeNstring,
  writeString,
  writeUtf8String,
} from '../../../src/syntax/imap/string.js'
import { readerOf } from './parts.js'

interface Rule {
  readonly read: (input: Reader) => unknown
  /** Text, and what it reads as where that is worth saying. */
  readonly valid: readonly (string | readonly [string, unknown])[]
  readonly invalid: readonly string[]
}

const wire = (bytes: Buffer | null): string | null => bytes?.toString('latin1') ?? null

const rules: Record<string, Rule> = {
  astring: {
    read: (input) => wire(readAstring(input)),
    valid: [
      ['a', 'a'],
      ['a]b', 'a]b'],
      ['"a b"', 'a b'],
      ['"a\\"b\\\\"', 'a"b\\'],
      ['{3}\r\na\nb', 'a\nb'],
      ['""', ''],
    ],
    invalid: ['', ' ', '"', '"a', '"a\\', '"a\\n"', '(', '{3', '{3}\r\na\0b', '"a{3}\r\nabc'],
  },
  nstring: {
    read: (input) => wire(readNstring(input)),
    valid: [
      ['NIL', null],
      ['nil', null],
      ['"NIL"', 'NIL'],
      ['~{1}\r\n\0', '\0'],
    ],
    invalid: ['NILL', 'x', ''],
  },
  'sequence-set': {
    read: readSequenceSet,
    valid: [
      ['1', [{ first: 1, last: 1 }]],
      ['*', [{ first: STAR, last: STAR }]],
      [
        '4:*,2',
        [
          { first: 4, last: STAR },
          { first: 2, last: 2 },
        ],
      ],
      ['$', 'saved'],
      '4294967295:1',
    ],
    invalid: ['0', '', '1:', ':1', '1,', ',1', '1,,2', '4294967296', '1-2', '1:2:3', 'a', '99999999999999999999'],
  },
  mailbox: {
    read: (input) => readMailbox(input, 'modifiedUtf7'),
    valid: [
      ['inbox', 'INBOX'],
      ['"Inbox"', 'INBOX'],
      ['INBOX.a', 'INBOX.a'],
      ['R&-D', 'R&D'],
      ['~peter/mail/&U,BTFw-/&ZeVnLIqe-', '~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e'],
      ['"\xc3\xa4"', '\u00e4'],
      ['&2D3eAA-', '\u{1f600}'],
    ],
    invalid: ['R&D', '&AGE-', '&', '&AAA-', '"\xff"', '&2D0-', '&U,BTFw', `"${'x'.repeat(1025)}"`, '"a\x01b"'],
  },
  'list-mailbox': {
    read: (input) => readListMailbox(input, 'utf8'),
    valid: [
      ['%', '%'],
      ['*', '*'],
      ['""', ''],
      ['user.*', 'user.*'],
      ['"a b%"', 'a b%'],
      ['R&D', 'R&D'],
    ],
    invalid: ['(', '"'],
  },
  'flag-list': {
    read: readFlagList,
    valid: [
      ['()', []],
      ['( )', []],
      ['(\\seen $Junk)', ['\\Seen', '$Junk']],
      ['(a A a)', ['a']],
    ],
    invalid: ['(\\Recent)', '(\\*)', '(\\)', '(a', 'a', '((a))', '(a  b)', '("a")'],
  },
  'store-att-flags': {
    read: readStoreFlags,
    valid: [
      ['+flags (\\Deleted)', { mode: 'add', silent: false, flags: ['\\Deleted'] }],
      ['-FLAGS.SILENT \\Seen x', { mode: 'remove', silent: true, flags: ['\\Seen', 'x'] }],
      ['FLAGS ()', { mode: 'replace', silent: false, flags: [] }],
    ],
    invalid: ['FLAGS', '+FLAGS', '* FLAGS ()', 'FLAGSX ()', 'FLAGS.LOUD ()', '+ FLAGS (a)'],
  },
  date: {
    read: readDate,
    valid: [['1-Feb-2026', Date.UTC(2026, 1, 1)], ['"29-feb-2024"', Date.UTC(2024, 1, 29)], '01-Jan-1970'],
    invalid: ['30-Feb-2026', '1-Foo-2026', '1-Feb-26', '"1-Feb-2026', '2026-02-01', '0-Jan-2026', '32-Jan-2026'],
  },
  'date-time': {
    read: readDateTime,
    valid: [
      ['" 1-Feb-2026 01:02:03 +0100"', Date.UTC(2026, 1, 1, 0, 2, 3)],
      ['"17-Jul-1996 02:44:25 -0730"', Date.UTC(1996, 6, 17, 10, 14, 25)],
      '"1-Feb-2026 01:02:03 +0000"',
    ],
    invalid: ['"1-Feb-2026 25:02:03 +0000"', '"1-Feb-2026 01:02:03"', '1-Feb-2026 01:02:03 +0000', '"1-Feb-2026"'],
  },
  'status-att list': {
    read: readStatusAtts,
    valid: [['(messages UNSEEN messages)', ['MESSAGES', 'UNSEEN']], '(DELETED DELETED-STORAGE SIZE MAILBOXID)'],
    invalid: ['()', 'MESSAGES', '(FOO)', '(MESSAGES'],
  },
  section: {
    read: (input) => writeSection(readSection(input)),
    valid: [
      ['[]', '[]'],
      ['[1]', '[1]'],
      ['[1.2.mime]', '[1.2.MIME]'],
      ['[header]', '[HEADER]'],
      ['[header.fields.not (From "x")]', '[HEADER.FIELDS.NOT (From x)]'],
      ['[3.header.fields (To)]', '[3.HEADER.FIELDS (To)]'],
    ],
    invalid: ['[0]', '[MIME]', '[1.]', '[1.2', '[HEADER.FIELDS]', '[HEADER.FIELDS ()]', '[x]', '[TEXT.1]', '[1.2.]'],
  },
  'fetch-att': {
    read: readFetchAtts,
    valid: [
      'ALL',
      'full',
      ['UID', [{ kind: 'UID' }]],
      ['(UID RFC822 RFC822.SIZE)', [{ kind: 'UID' }, { kind: 'RFC822' }, { kind: 'RFC822.SIZE' }]],
      ['BODY', [{ kind: 'BODY' }]],
      [
        'body.peek[1.TEXT]<5.10>',
        [
          {
            kind: 'SECTION',
            peek: true,
            section: { path: [1], text: 'TEXT', fields: [] },
            partial: { offset: 5, length: 10 },
          },
        ],
      ],
      ['BINARY.SIZE[1.2]', [{ kind: 'BINARY.SIZE', path: [1, 2] }]],
      ['BINARY[]<0.1>', [{ kind: 'BINARY', peek: false, path: [], partial: { offset: 0, length: 1 } }]],
      ['(PREVIEW (LAZY) MODSEQ)', [{ kind: 'PREVIEW', lazy: true }, { kind: 'MODSEQ' }]],
    ],
    invalid: ['()', '(ALL)', 'FOO', 'BODY[1]<1>', 'BODY[1]<1.0>', 'BODYX', '(UID', 'BINARY[TEXT]', 'RFC822.FOO'],
  },
  search: {
    read: readSearchKeys,
    valid: [
      ['ALL', { kind: 'all' }],
      ['1:3 UNSEEN', { kind: 'and', keys: [{ kind: 'sequence', set: [{ first: 1, last: 3 }] }, unseen()] }],
      ['not (seen or from x to {1}\r\ny)', { kind: 'not', key: { kind: 'and', keys: [seen(), fromOrTo()] } }],
      ['MODSEQ "/flags/\\\\draft" all 620162338', { kind: 'modseq', modSeq: 620162338n }],
      'HEADER Message-ID ""',
      'SENTSINCE 1-Jan-2026 OLDER 5 UID $ LARGER 5 KEYWORD $x SAVEDON 1-Jan-2026 EMAILID Mabc',
    ],
    invalid: ['', 'FOO', 'OR ALL', 'NOT', '(ALL', 'FROM', 'BEFORE x', 'KEYWORD (', 'ALL)', '()', 'UID', 'YOUNGER 0'],
  },
  'search-program': {
    read: (input) => readSearchProgram(input),
    valid: [
      [' RETURN () ALL', { returns: { ...noReturns(), all: true }, charset: undefined, key: { kind: 'all' } }],
      [' RETURN (SAVE) ALL', { returns: { ...noReturns(), save: true }, charset: undefined, key: { kind: 'all' } }],
      ' CHARSET utf-8 SUBJECT "\xc3\xa4"',
      ' RETURN (PARTIAL -1:-100 COUNT) ALL',
    ],
    invalid: ['', ' RETURN ALL', ' RETURN (FOO) ALL', ' RETURN (PARTIAL 1:2 ALL) ALL', ' CHARSET utf-8'],
  },
  sort: {
    read: (input) => readSortProgram(input),
    valid: [' (REVERSE DATE SUBJECT) UTF-8 ALL', ' RETURN (MIN) (DISPLAYFROM) us-ascii UNSEEN'],
    invalid: [' () UTF-8 ALL', ' (REVERSE) UTF-8 ALL', ' (DATE) UTF-8', ' DATE UTF-8 ALL'],
  },
  thread: {
    read: (input) => readThreadProgram(input),
    valid: [' REFERENCES UTF-8 ALL'],
    invalid: [' REFERENCES UTF-8', ''],
  },
  list: {
    read: (input) => readList(input, 'modifiedUtf7'),
    valid: [
      ' "" "*"',
      ' "" %',
      ' (SUBSCRIBED RECURSIVEMATCH) "" ("a*" b%) RETURN (CHILDREN STATUS (MESSAGES UNSEEN) SPECIAL-USE)',
      ' () "" ""',
      ' "" * RETURN (METADATA (/shared/comment))',
    ],
    invalid: [' ""', '', ' "" ()', ' (FOO) "" *', ' "" * x', ' "" * RETURN (FOO)', ' (RECURSIVEMATCH) "" *'],
  },
  lsub: { read: (input) => readLsub(input, 'modifiedUtf7'), valid: [' "" *'], invalid: ['', ' ""'] },
  'select-param': {
    read: (input) => readSelectParameters(input),
    valid: [
      ['', { condstore: false, qresync: undefined }],
      [' (CONDSTORE)', { condstore: true, qresync: undefined }],
      ' (QRESYNC (67890007 20050715194045000 41,43:211,214:541))',
      ' (QRESYNC (67890007 90060115194045000 41:211,214:541 (1:9 41:49)))',
      ' (QRESYNC (1 2 (1 1)) CONDSTORE)',
    ],
    invalid: [' (FOO)', ' (QRESYNC)', ' (QRESYNC (1))', ' (QRESYNC (1 0))', ' (QRESYNC (1 2 *))'],
  },
  'fetch-modifier': {
    read: (input) => readFetchModifiers(input),
    valid: [[' (CHANGEDSINCE 5 VANISHED)', { changedSince: 5n, vanished: true }], ''],
    invalid: [' (VANISHED)', ' (CHANGEDSINCE)', ' (FOO 1)', ' (CHANGEDSINCE 9223372036854775808)'],
  },
  'store-modifier': {
    read: (input) => readStoreModifiers(input),
    valid: [['(UNCHANGEDSINCE 0) ', 0n], ''],
    invalid: ['(UNCHANGEDSINCE 1)', '(FOO 1) '],
  },
  append: {
    read: (input) => readAppend(input, 'modifiedUtf7'),
    valid: [
      [
        ' INBOX (\\Seen) " 1-Feb-2026 00:00:00 +0000" {3}\r\nabc ~{1+}\r\n\0',
        {
          mailbox: 'INBOX',
          messages: [
            { flags: ['\\Seen'], internalDate: Date.UTC(2026, 1, 1), size: 3, binary: false },
            { flags: [], internalDate: undefined, size: 1, binary: true },
          ],
        },
      ],
      ' {5}\r\nINBOX {3}\r\nabc',
      ' x UTF8 (~{1}\r\na)',
    ],
    invalid: ['', ' INBOX', ' INBOX {3', ' INBOX (\\Seen)', ' INBOX abc', ' x UTF8 (~{1}\r\na'],
  },
  setacl: {
    read: (input) => readSetAcl(input, 'modifiedUtf7'),
    valid: [[' INBOX anyone +lrs', { mailbox: 'INBOX', identifier: 'anyone', rights: '+lrs' }], ' x -y ""'],
    invalid: [' INBOX anyone', ' INBOX anyone L', ' INBOX "" l', ' INBOX a +-l'],
  },
  listrights: {
    read: (input) => readMailboxAndIdentifier(input, 'modifiedUtf7'),
    valid: [' a b'],
    invalid: [' a', ''],
  },
  setquota: {
    read: (input) => readSetQuota(input).limits,
    valid: [[' "" (STORAGE 512)', [{ resource: 'STORAGE', limit: 512 }]], ' x ()', ' x (storage 1 MESSAGE 2)'],
    invalid: [' x', ' x (STORAGE)', ' x (STORAGE -1)', ' x (STORAGE 1'],
  },
  id: {
    read: (input) => [...readId(input)],
    valid: [
      [' NIL', []],
      [
        ' ("name" "x" "version" NIL)',
        [
          ['name', 'x'],
          ['version', null],
        ],
      ],
      ' ()',
    ],
    invalid: ['', ' ("name")', ' (name x)', ' ("a" "b" "a" "c")'],
  },
  getmetadata: {
    read: (input) => readGetMetadata(input, 'modifiedUtf7'),
    valid: [
      [' "" /shared/comment', { mailbox: '', entries: ['/shared/comment'], maxSize: undefined, depth: 0 }],
      ' (MAXSIZE 1024 DEPTH infinity) INBOX (/shared/comment /private/comment)',
    ],
    invalid: [' INBOX', ' INBOX ()', ' INBOX /foo', ' INBOX /shared//a', ' (DEPTH 2) INBOX /shared/a'],
  },
  setmetadata: {
    read: (input) => readSetMetadata(input, 'modifiedUtf7'),
    valid: [' INBOX (/private/comment "x" /shared/comment NIL)', ' "" (/shared/x {1}\r\ny)'],
    invalid: [' INBOX ()', ' INBOX (/private/comment)', ' INBOX /private/comment x'],
  },
}

function seen(): unknown {
  return { kind: 'flag', flag: '\\Seen', set: true }
}
function unseen(): unknown {
  return { kind: 'flag', flag: '\\Seen', set: false }
}
function fromOrTo(): unknown {
  const key = (field: string, text: string): unknown => ({ kind: 'header', field, text: Buffer.from(text) })
  return { kind: 'or', keys: [key('FROM', 'x'), key('TO', 'y')] }
}
function noReturns(): object {
  return { min: false, max: false, all: false, count: false, save: false }
}

function whole(rule: Rule, text: string): unknown {
  const input = readerOf(text)
  const value = rule.read(input)
  input.end()
  return value
}

/** Texts that are made of what the grammar is made of. */
const pieces = fc.constantFrom(
  ...['(', ')', ' ', '"', '\\', '{1}\r\nx', '{2+}\r\n)(', '~{1}\r\n\0', 'NIL', '*', '%', '1', '0', ':', ',', '$'],
  ...['[', ']', '<', '>', '.', 'BODY[', 'HEADER', 'UID', 'OR', 'NOT', 'RETURN', 'FLAGS', '+', '-', '&', '\xff', '/'],
  ...['4294967295', '1-Jan-2026', 'INBOX', '\\Seen', 'CHARSET', 'MODSEQ', 'QRESYNC', '/shared/', 'UTF-8'],
)

describe('syntax/imap rules', () => {
  for (const [name, rule] of Object.entries(rules)) {
    describe(name, () => {
      for (const example of rule.valid) {
        const [text, value] = typeof example === 'string' ? [example, undefined] : example
        it(`reads ${JSON.stringify(text)}`, () => {
          const read = whole(rule, text)
          if (typeof example !== 'string') expect(read).to.deep.equal(value)
        })
      }
      for (const text of rule.invalid) {
        it(`refuses ${JSON.stringify(text).slice(0, 60)}`, () => {
          expect(() => whole(rule, text)).to.throw(Bad)
        })
      }
      it('throws nothing but Bad', () => {
        const text = fc.oneof(
          fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
          fc.string({ unit: 'binary', maxLength: 30 }).map((all) => all.replace(/[\r\n]|[^\0-\xff]/g, '')),
        )
        fc.assert(
          fc.property(text, (input) => {
            try {
              whole(rule, input)
            } catch (error) {
              if (!(error instanceof Bad)) throw error
            }
          }),
          { numRuns: 150 },
        )
      })
    })
  }
})

describe('syntax/imap writers', () => {
  const octets = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))

  it('astring, string and nstring read back', () => {
    fc.assert(
      fc.property(octets, (bytes) => {
        const text = bytes.toString('latin1')
        expect(wire(readString(readerOf(writeString(text))))).equal(text)
        expect(wire(readAstring(readerOf(writeAstring(text))))).equal(text)
        expect(wire(readNstring(readerOf(writeNstring(text))))).equal(text)
        expect(wire(readString(readerOf(writeUtf8String(text))))).equal(text)
      }),
    )
    expect(wire(readNstring(readerOf(writeAstring('nil'))))).equal('nil')
  })

  it('sequence sets read back and resolve', () => {
    const number = fc.integer({ min: 1, max: 30 })
    const range = fc.record({ first: fc.oneof(number, fc.constant(STAR)), last: fc.oneof(number, fc.constant(STAR)) })
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (set, largest) => {
        expect(readSequenceSet(readerOf(writeSequenceSet(set)))).to.deep.equal(set)
        const expected = new Set<number>()
        for (const { first, last } of set) {
          const [a, b] = [Math.min(first, largest), Math.min(last, largest)].map((n, i) =>
            (i === 0 ? first : last) === STAR ? largest : i === 0 ? first : n === last ? n : last,
          )
          for (let n = Math.min(a ?? 0, b ?? 0); n <= Math.max(a ?? 0, b ?? 0); n++) expected.add(n)
        }
        const resolved = resolveSet(set, largest)
        const numbers = resolved.flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        )
        expect(numbers).to.deep.equal([...expected].sort((a, b) => a - b))
        expect(writeNumbers(numbers)).equal(writeSequenceSet(resolved))
      }),
    )
    expect(resolveSet([{ first: STAR, last: STAR }], 0)).to.deep.equal([])
  })

  it('dates read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4102444800 }), (seconds) => {
        expect(readDateTime(readerOf(writeDateTime(seconds * 1000)))).equal(seconds * 1000)
        const day = Math.floor(seconds / 86400) * 86400_000
        expect(readDate(readerOf(writeDate(day)))).equal(day)
      }),
    )
  })

  it('quota reads back', () => {
    const line = writeQuota('user.fred', [{ resource: 'STORAGE', usage: 10, limit: 512 }])
    expect(line).equal('* QUOTA user.fred (STORAGE 10 512)')
    expect(readQuota(readerOf(line.slice('* QUOTA'.length))).usages).to.deep.equal([
      { resource: 'STORAGE', usage: 10, limit: 512 },
    ])
  })
})
