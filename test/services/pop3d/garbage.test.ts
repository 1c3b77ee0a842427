/** Random conversations: whatever a client sends, pop3d answers or hangs up, and no bug shows in the log. */
import { expect } from 'chai'
import fc from 'fast-check'
import { pop3TestServer } from './pop3-server.js'

const words = [
  ...[
    'USER',
    'PASS',
    'APOP',
    'AUTH',
    'STAT',
    'LIST',
    'UIDL',
    'RETR',
    'TOP',
    'DELE',
    'RSET',
    'NOOP',
    'CAPA',
    'UTF8',
    'LANG',
  ],
  ...['paul', 'pencil', '1', '2', '99', '-1', 'x', '*', '=', 'PLAIN', 'CRAM-MD5', 'AHBhdWwAcGVuY2ls', '', ' ', '\t'],
]

describe('pop3d garbage', () => {
  it('survives random conversations', async () => {
    const server = await pop3TestServer('sasl_mech_list: PLAIN CRAM-MD5')
    await server.addUser('paul', 'pencil')
    await server.append('user.paul', 'Subject: one\r\n\r\nx\r\n')
    const line = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((all) => Buffer.from(all.join(' '))),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
        const client = server.connect()
        for (const each of lines) client.write(Buffer.concat([each, Buffer.from('\r\n')]))
        client.write('*\r\nQUIT\r\n')
        const seen: string[] = []
        for (let said = await client.readLine(4000); said; said = await client.readLine(4000)) seen.push(String(said))
        expect(seen[0]).to.match(/^\+OK /)
        client.destroy()
      }),
      { numRuns: 40 },
    )
    expect(server.log.filter(({ name }) => name === 'bug').map(({ text }) => text)).to.deep.equal([])
    await server.close()
  })
})
