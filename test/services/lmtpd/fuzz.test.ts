// Whatever a client sends, in whatever slices: well-formed replies, no bug, and as many replies as recipients.
import { expect } from 'chai'
import fc from 'fast-check'
import { Connection } from '../../../src/net/connection.js'
import { memoryPair } from '../../../src/net/memory-pair.js'
import { type TestServer, testServer } from './lmtp-server.js'

const piece = fc.constantFrom(
  'LHLO x\r\n',
  'MAIL FROM:<a@b>\r\n',
  'MAIL FROM:<a@b> BODY=BINARYMIME SIZE=3\r\n',
  'RCPT TO:<paul>\r\n',
  'RCPT TO:<nobody>\r\n',
  'RCPT TO:<paul> IGNOREQUOTA\r\n',
  'DATA\r\n',
  'Subject: x\r\n\r\n',
  '.\r\n',
  '..\r\n',
  '\n.\n',
  'BDAT 5\r\n',
  'BDAT 3 LAST\r\n',
  'BDAT 0 LAST\r\n',
  'RSET\r\n',
  'NOOP\r\n',
  'AUTH PLAIN =\r\n',
  'STARTTLS\r\n',
  '\r\n',
  '\0\xff\r',
  'x',
)

/** Sends the bytes in slices, ends, and gives every line that came back. */
async function converse(server: TestServer, bytes: Buffer, step: number): Promise<string[]> {
  const [ours, theirs] = memoryPair()
  const over = server.serve(new Connection(theirs))
  let said = ''
  ours.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  for (let at = 0; at < bytes.length; at += step) ours.write(bytes.subarray(at, at + step))
  ours.end()
  await over
  return said.split('\r\n').slice(0, -1)
}

describe('lmtpd, given anything', () => {
  it('answers, and has no bug', async () => {
    let replies = 0
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), async (pieces, step) => {
        const server = testServer()
        server.fake.add('user.paul')
        const said = await converse(server, Buffer.from(pieces.join(''), 'latin1'), step)
        for (const line of said) expect(line).to.match(/^[2345]\d\d[ -]/)
        expect(server.log.filter(({ name }) => name === 'bug')).to.deep.equal([])
        replies += said.length
      }),
      { numRuns: 300 },
    )
    expect(replies).to.be.greaterThan(300)
  })

  it('answers once for each recipient that it accepted', async () => {
    const users = fc.array(fc.constantFrom('paul', 'nobody', 'mary', 'paul+x'), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(users, async (to) => {
        const server = testServer()
        for (const name of ['user.paul', 'user.mary']) server.fake.add(name)
        const accepted = to.filter((one) => one !== 'nobody').length
        const commands = ['LHLO x', 'MAIL FROM:<>', ...to.map((one) => `RCPT TO:<${one}>`), 'DATA']
        const text = `${commands.join('\r\n')}\r\n${accepted > 0 ? 'x\r\n.\r\n' : ''}QUIT\r\n`
        const said = await converse(server, Buffer.from(text), 1000)
        expect(said.filter((line) => line.includes('Success'))).to.have.length(accepted)
        expect(said.at(-1)).to.equal('221 2.0.0 bye')
      }),
    )
  })
})
