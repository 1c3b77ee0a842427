/** The grammar of POP3: commands, stuffed dots, TOP, status lines. */
import { expect } from 'chai'
import fc from 'fast-check'
import { Bad } from '../../../src/syntax/pop3/bad.js'
import { readCommandLine, readNumber, readWords } from '../../../src/syntax/pop3/command.js'
import { dotStuffed, topOf } from '../../../src/syntax/pop3/dot-stuffing.js'
import { err, linesBody, ok, writeStatus } from '../../../src/syntax/pop3/reply.js'

const stuffed = (text: string): string => Buffer.concat([...dotStuffed(Buffer.from(text, 'latin1'))]).toString('latin1')

describe('syntax/pop3', () => {
  it('reads commands', () => {
    const good: [string, string, string][] = [
      ['STAT', 'STAT', ''],
      ['retr 1', 'RETR', '1'],
      ['PASS  two spaces ', 'PASS', ' two spaces '],
      ['USER münch', 'USER', 'münch'],
    ]
    for (const [line, keyword, rest] of good)
      expect(readCommandLine(Buffer.from(line)), line).to.deep.equal({ keyword, rest })
    for (const line of ['', ' STAT', 'ST\tAT', 'X'.repeat(17), 'USER a\0b', '\x80\x81', 'USER \xff'])
      expect(() => readCommandLine(Buffer.from(line, 'latin1')), JSON.stringify(line)).to.throw(Bad)
  })

  it('throws nothing but Bad', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const { rest } = readCommandLine(Buffer.from(bytes))
          readWords(rest, { least: 0, most: 2 }).map(readNumber)
        } catch (error) {
          expect(error).to.be.instanceOf(Bad)
        }
      }),
    )
  })

  it('doubles dots, ends with CRLF, and can be undone', () => {
    expect(stuffed('a\r\n.b\r\n..\r\n.\r\n')).to.equal('a\r\n..b\r\n...\r\n..\r\n')
    expect(stuffed('.')).to.equal('..\r\n')
    expect(stuffed('a')).to.equal('a\r\n')
    expect(stuffed('')).to.equal('')
    fc.assert(
      fc.property(fc.array(fc.constantFrom('.', 'a', '\r\n', '.\r\n'), { maxLength: 30 }), (words) => {
        const text = words.join('')
        const sent = stuffed(text)
        expect(sent).not.to.match(/(^|\r\n)\.\r\n/)
        const back = sent.replace(/^\./gm, '')
        expect(back).to.equal(text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`)
      }),
    )
    expect(stuffed(`${'x'.repeat(200_000)}\r\n.`).length).to.equal(200_000 + 6)
  })

  it('cuts the top', () => {
    const top = (text: string, lines: number): string => topOf(Buffer.from(text), lines).toString()
    const message = 'A: b\r\n\r\none\r\ntwo\r\nthree'
    expect(top(message, 0)).to.equal('A: b\r\n\r\n')
    expect(top(message, 2)).to.equal('A: b\r\n\r\none\r\ntwo\r\n')
    expect(top(message, 9)).to.equal(message)
    expect(top('A: b\r\n', 3)).to.equal('A: b\r\n')
    expect(top('\r\none\r\ntwo\r\n', 1)).to.equal('\r\none\r\n')
  })

  it('writes status lines and lists', () => {
    expect(writeStatus(ok())).to.equal('+OK\r\n')
    expect(writeStatus(ok('2 320'))).to.equal('+OK 2 320\r\n')
    expect(writeStatus(err('no\r\n+OK yes', 'IN-USE'))).to.equal('-ERR [IN-USE] no +OK yes\r\n')
    expect(writeStatus(ok('x'.repeat(2000))).length).to.equal(512)
    expect(Buffer.concat([...linesBody(['a', 'b'])]).toString()).to.equal('a\r\nb\r\n')
  })
})
