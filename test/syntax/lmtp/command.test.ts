// LMTP commands: valid and invalid lines.
import { expect } from 'chai'
import fc from 'fast-check'
import { Bad } from '../../../src/syntax/lmtp/bad.js'
import { readCommand } from '../../../src/syntax/lmtp/command.js'
import { formatReply } from '../../../src/syntax/lmtp/reply.js'

const mail = { kind: 'MAIL', returnPath: 'a@b.c', size: undefined, body: '7BIT', submitter: undefined, utf8: false }
const rcpt = { kind: 'RCPT', ignoreQuota: false }

const valid: [string, object][] = [
  ['LHLO there.example.org', { kind: 'LHLO', name: 'there.example.org' }],
  ['lhlo [127.0.0.1]', { kind: 'LHLO', name: '[127.0.0.1]' }],
  ['MAIL FROM:<a@b.c>', mail],
  ['mail from: <a@b.c> ', mail],
  ['MAIL FROM:<>', { ...mail, returnPath: '' }],
  ['MAIL FROM:<a@b.c> SIZE=100 BODY=8BITMIME', { ...mail, size: 100, body: '8BITMIME' }],
  ['MAIL FROM:<a@b.c> body=binarymime SMTPUTF8', { ...mail, body: 'BINARYMIME', utf8: true }],
  ['MAIL FROM:<a@b.c> AUTH=<> RET=HDRS ENVID=x+2By', { ...mail, submitter: '' }],
  ['MAIL FROM:<a@b.c> AUTH=e+3Dmc2@b.c', { ...mail, submitter: 'e=mc2@b.c' }],
  ['MAIL FROM:<"a b>"@c>', { ...mail, returnPath: '"a b>"@c' }],
  ['RCPT TO:<paul>', { ...rcpt, mailbox: { local: 'paul', domain: undefined } }],
  ['RCPT TO:<paul+a/b@c.d>', { ...rcpt, mailbox: { local: 'paul+a/b', domain: 'c.d' } }],
  ['RCPT TO:<"paul">', { ...rcpt, mailbox: { local: 'paul', domain: undefined } }],
  ['RCPT TO:<"a \\"b@"@c>', { ...rcpt, mailbox: { local: 'a "b@', domain: 'c' } }],
  ['RCPT TO:<@x.y,@z:paul@c.d>', { ...rcpt, mailbox: { local: 'paul', domain: 'c.d' } }],
  ['RCPT TO:<paul@[1.2.3.4]>', { ...rcpt, mailbox: { local: 'paul', domain: '[1.2.3.4]' } }],
  ['RCPT TO:<a@b@c>', { ...rcpt, mailbox: { local: 'a@b', domain: 'c' } }],
  ['RCPT TO:<>', { ...rcpt, mailbox: undefined }],
  ['RCPT TO:<j\u00fcrg@x>', { ...rcpt, mailbox: { local: 'j\u00fcrg', domain: 'x' } }],
  ['RCPT TO:<p> IGNOREQUOTA', { ...rcpt, mailbox: { local: 'p', domain: undefined }, ignoreQuota: true }],
  ['RCPT TO:<p> NOTIFY=NEVER ORCPT=rfc822;a@b', { ...rcpt, mailbox: { local: 'p', domain: undefined } }],
  ['BDAT 100', { kind: 'BDAT', size: 100, last: false }],
  ['bdat 0 last', { kind: 'BDAT', size: 0, last: true }],
  ['AUTH PLAIN', { kind: 'AUTH', mechanism: 'PLAIN', initial: undefined }],
  ['AUTH plain =', { kind: 'AUTH', mechanism: 'PLAIN', initial: '=' }],
  ['VRFY paul', { kind: 'VRFY', argument: 'paul' }],
  ['NOOP anything', { kind: 'NOOP' }],
  ['QUIT', { kind: 'QUIT' }],
]
const invalid: [string, number][] = [
  ['', 500],
  ['FOO', 500],
  ['EHLO x', 500],
  ['HELO x', 500],
  ['MAIL', 500],
  ['RCPT', 500],
  ['LHLO', 501],
  ['LHLO a b', 501],
  ['LHLO a(b)', 501],
  ['MAIL FROM:a@b', 501],
  ['MAIL FROM:<a b@c>', 501],
  ['MAIL FROM:<a@b', 501],
  ['MAIL FROM:<a@b>SIZE=1', 501],
  ['MAIL FROM:<a@b> SIZE=x', 501],
  ['MAIL FROM:<a@b> BODY=FOO', 501],
  ['MAIL FROM:<a@b> FOO=BAR', 555],
  ['MAIL FROM:<a@b> AUTH=+zz', 501],
  ['RCPT TO:paul', 501],
  ['RCPT TO:<@b>', 501],
  ['RCPT TO:<a@>', 501],
  ['RCPT TO:<"a>', 501],
  ['RCPT TO:<"a"b>', 501],
  ['RCPT TO:<a"b@c>', 501],
  ['RCPT TO:<p> FOO=BAR', 555],
  [`RCPT TO:<${'x'.repeat(2000)}>`, 501],
  ['BDAT', 501],
  ['BDAT -1', 501],
  ['BDAT 1 LAST x', 501],
  ['BDAT 99999999999999999999', 501],
  ['DATA x', 501],
  ['AUTH', 501],
]

describe('LMTP commands', () => {
  it('are read', () => {
    for (const [line, command] of valid) expect(readCommand(Buffer.from(line)), line).to.deep.equal(command)
  })
  it('are refused', () => {
    for (const [line, code] of invalid)
      expect(() => readCommand(Buffer.from(line)), line)
        .to.throw(Bad)
        .with.property('code', code)
  })
  it('never fail otherwise', () => {
    const verb = fc.constantFrom('MAIL FROM:<', 'RCPT TO:<', 'RCPT TO:<"', 'BDAT ', 'AUTH ', '')
    fc.assert(
      fc.property(verb, fc.uint8Array({ maxLength: 40 }), (head, tail) => {
        try {
          readCommand(Buffer.concat([Buffer.from(head), tail]))
        } catch (error) {
          expect(error).to.be.instanceOf(Bad)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('LMTP replies', () => {
  it('carry the enhanced code on the last line', () => {
    expect(formatReply({ code: 550, enhanced: '5.1.1', lines: ['a', 'b'] })).to.equal('550-a\r\n550 5.1.1 b\r\n')
    expect(formatReply({ code: 354, lines: ['go ahead'] })).to.equal('354 go ahead\r\n')
  })
  it('cannot be forged', () => {
    expect(formatReply({ code: 250, lines: ['a\r\n250 b\0\xe9'] })).to.equal('250 a??250 b??\r\n')
  })
})
