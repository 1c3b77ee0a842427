/** Every mechanism, on every protocol, from libsasl: Debian's imtest, pop3test and lmtptest. */
import { expect } from 'chai'
import { run } from '../support/command.js'
import { admin, password, ServerUnderTest } from '../support/server-under-test.js'

const mechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256']
const bin = '/usr/lib/cyrus/bin'

describe('SASL mechanisms of libsasl', () => {
  let server: ServerUnderTest

  before(async () => {
    server = await ServerUnderTest.prepare()
    server.writeConfiguration({ imapd: ['failedloginpause: 0s', `sasl_mech_list: ${mechanisms.join(' ')}`] })
    await server.addAccount('paul', password)
    await server.up()
    await server.addMailboxes(['user.paul'])
  })
  after(() => server.remove())

  /** What the program says, its session ended at once. */
  async function attempt(
    program: 'imtest' | 'pop3test' | 'lmtptest',
    { mechanism, user, secret = password }: { mechanism: string; user: string; secret?: string },
  ): Promise<string> {
    const port = { imtest: server.imapPort, pop3test: server.pop3Port, lmtptest: server.lmtpPort }[program]
    const who = ['-m', mechanism, '-a', user, '-u', user, '-w', secret]
    const goodbye = program === 'imtest' ? 'z LOGOUT\r\n' : 'QUIT\r\n'
    const { stdout, stderr } = await run(`${bin}/${program}`, [...who, '-p', String(port), '127.0.0.1'], {
      input: goodbye,
    })
    return stdout + stderr
  }

  for (const mechanism of mechanisms)
    it(`${mechanism}: IMAP, POP3 and LMTP take the right password, and IMAP no other`, async () => {
      expect(await attempt('imtest', { mechanism, user: 'paul' })).to.match(/^Authenticated\./m)
      expect(await attempt('pop3test', { mechanism, user: 'paul' })).to.match(/^Authenticated\./m)
      expect(await attempt('lmtptest', { mechanism, user: admin.user, secret: admin.password })).to.match(
        /^Authenticated\./m,
      )
      expect(await attempt('imtest', { mechanism, user: 'paul', secret: 'wrong' })).to.match(/^Authentication failed/m)
    })
})
