// Responses as Cyrus 3.6 and RFC 9051 have them, read back; and nothing but Bad for anything else.
import { expect } from 'chai'
import fc from 'fast-check'
import { Bad } from '../../../src/syntax/imap/bad.js'
import { Framer } from '../../../src/syntax/imap/framing.js'
import { Reader } from '../../../src/syntax/imap/reader.js'
import { type Response, readResponse } from '../../../src/syntax/imap/response.js'
import type { Datum } from '../../../src/syntax/imap/response-data.js'

/** Data in short: strings in quotes, lists as arrays. */
const short = (datum: Datum): unknown =>
  datum.kind === 'list'
    ? datum.items.map(short)
    : datum.kind === 'nil'
      ? null
      : datum.kind === 'atom'
        ? datum.text
        : `"${datum.bytes.toString()}"`

function read(wire: string): Response {
  const framer = new Framer({ line: 10_000, command: 100_000 })
  framer.push(Buffer.from(wire, 'latin1'))
  for (;;) {
    const found = framer.next()
    if (found?.kind === 'command') return readResponse(new Reader(found.parts))
    if (found?.kind !== 'literal') throw new Bad('no response')
    framer.accept()
  }
}

describe('syntax/imap/response', () => {
  const data: [string, number | undefined, string, unknown][] = [
    ['* LIST (\\HasNoChildren) "." user.paul', undefined, 'LIST', [['\\HasNoChildren'], '"."', 'user.paul']],
    ['* list () NIL {5}\r\na b c', undefined, 'LIST', [[], null, '"a b c"']],
    ['* ACL user.paul paul lrs -dave xc', undefined, 'ACL', ['user.paul', 'paul', 'lrs', '-dave', 'xc']],
    ['* QUOTA "" (STORAGE 0 1000)', undefined, 'QUOTA', ['""', ['STORAGE', '0', '1000']]],
    ['* QUOTA user.paul ()', undefined, 'QUOTA', ['user.paul', []]],
    ['* METADATA "" ("/shared/comment" NIL)', undefined, 'METADATA', ['""', ['"/shared/comment"', null]]],
    ['* 23 EXISTS', 23, 'EXISTS', []],
    ['* SEARCH', undefined, 'SEARCH', []],
    ['* SEARCH 2 3 ', undefined, 'SEARCH', ['2', '3']],
    [
      '* 1 FETCH (FLAGS (\\Seen $a) BODY[HEADER.FIELDS (TO "X")]<0> {4}\r\nab\r\n UID 7)',
      1,
      'FETCH',
      [['FLAGS', ['\\Seen', '$a'], 'BODY[HEADER.FIELDS (TO "X")]<0>', '"ab\r\n"', 'UID', '7']],
    ],
    ['* 1 FETCH (BODY (("a" NIL)("b") "mixed"))', 1, 'FETCH', [['BODY', [['"a"', null], ['"b"'], '"mixed"']]]],
    ['* 1 FETCH (BINARY[1] ~{2}\r\n\0a)', 1, 'FETCH', [['BINARY[1]', '"\0a"']]],
    ['* CAPABILITY IMAP4rev1 AUTH=PLAIN', undefined, 'CAPABILITY', ['IMAP4rev1', 'AUTH=PLAIN']],
  ]
  for (const [wire, number, name, expected] of data) {
    it(JSON.stringify(wire).slice(0, 60), () => {
      const response = read(`${wire}\r\n`)
      if (response.kind !== 'data') throw new Error(response.kind)
      expect([response.number, response.name, response.data.map(short)]).to.deep.equal([number, name, expected])
    })
  }

  it('reads what ends a command, with and without a code', () => {
    expect(read('a1 OK Completed (0.000 secs)\r\n')).to.deep.include({ tag: 'a1', status: 'OK', code: undefined })
    const code = read('* OK [PERMANENTFLAGS (\\Seen \\*)] Ok\r\n')
    expect(code).to.deep.include({ tag: undefined, status: 'OK', text: 'Ok' })
    expect(code.kind === 'status' && [code.code?.name, code.code?.data.map(short)]).to.deep.equal([
      'PERMANENTFLAGS',
      [['\\Seen', '\\*']],
    ])
    const uids = read('a NO [COPYUID 38505 304,319:320 3956:3958] x [y]\r\n')
    expect(uids).to.deep.include({ status: 'NO', text: 'x [y]' })
    expect(uids.kind === 'status' && uids.code?.data.map(short)).to.deep.equal(['38505', '304,319:320', '3956:3958'])
    expect(read('* BYE\r\n')).to.deep.include({ status: 'BYE', text: '' })
  })

  it('reads a continuation', () => {
    expect(read('+ \r\n')).to.deep.equal({ kind: 'continue', text: '' })
    expect(read('+ VXNlcg==\r\n')).to.deep.equal({ kind: 'continue', text: 'VXNlcg==' })
  })

  for (const wire of ['', '*', '* ', 'a HELLO', '* 1', '* LIST (', '* LIST )', '* 1 FETCH (A "b)', '* OK [A']) {
    it(`refuses ${JSON.stringify(wire)}`, () => expect(() => read(`${wire}\r\n`)).to.throw(Bad))
  }

  it('refuses lists nested without end', () => {
    expect(() => read(`* LIST ${'('.repeat(5000)}\r\n`)).to.throw(Bad)
  })

  it('throws nothing but Bad', () => {
    const pieces = fc.constantFrom(
      '*',
      ' ',
      '(',
      ')',
      '[',
      ']',
      '"',
      '{2}\r\n',
      'OK',
      'LIST',
      '1',
      '\\',
      '~',
      'é',
      'NIL',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        try {
          read(`${parts.join('')}\r\n`)
        } catch (error) {
          expect(error).to.be.instanceOf(Bad)
        }
      }),
    )
  })
})
