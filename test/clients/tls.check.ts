/** TLS on the wrapped ports and by STARTTLS and STLS, with openssl's certificate and other programs' TLS. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { must } from '../support/command.js'
import { message } from '../support/messages.js'
import { owner, password, ServerUnderTest } from '../support/server-under-test.js'
import { freePort } from '../support/wait.js'

describe('TLS', () => {
  let server: ServerUnderTest
  let imaps: number
  let pop3s: number

  before(async () => {
    server = await ServerUnderTest.prepare()
    imaps = await freePort()
    pop3s = await freePort()
    const place = join(server.directory, 'tls')
    mkdirSync(place)
    const files = ['-keyout', join(place, 'key.pem'), '-out', join(place, 'cert.pem')]
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    await must('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files])
    await must('chown', ['-R', `${owner}:mail`, place])
    server.writeConfiguration({
      imapd: ['tls_server_cert: DIR/tls/cert.pem', 'tls_server_key: DIR/tls/key.pem', 'allowplaintext: no'],
      services: [
        `imaps cmd="imapd -s" listen="127.0.0.1:${imaps}"`,
        `pop3s cmd="pop3d -s" listen="127.0.0.1:${pop3s}"`,
      ],
    })
    await server.addAccount('paul', password)
    await server.up()
  })
  after(() => server.remove())

  it('serves Python over IMAPS, IMAP STARTTLS, POP3S and POP3 STLS, and refuses passwords without TLS', async () => {
    const ports = [server.imapPort, imaps, server.pop3Port, pop3s].map(String)
    const ca = join(server.directory, 'tls/cert.pem')
    await must('python3', ['-', ca, ...ports, 'paul', password], { input: script })
  })

  it('serves curl over IMAPS and by required STARTTLS', async () => {
    await server.deliver('paul', [message({ id: 'tls-1' })])
    const curl = (...args: string[]): Promise<string> =>
      must('curl', ['-sS', '--cacert', join(server.directory, 'tls/cert.pem'), '-u', `paul:${password}`, ...args])
    const stored = (await server.spoolFile('user/paul/1.')).toString('utf8')
    expect(await curl(`imaps://localhost:${imaps}/INBOX;UID=1`)).to.equal(stored)
    expect(await curl('--ssl-reqd', `imap://127.0.0.1:${server.imapPort}/INBOX;UID=1`)).to.equal(stored)
    expect(await curl(`pop3s://localhost:${pop3s}/1`)).to.equal(stored)
    expect(await curl('--ssl-reqd', `pop3://127.0.0.1:${server.pop3Port}/1`)).to.equal(stored)
  })
})

const script = `
import imaplib, poplib, ssl, sys
ca, imap, imaps, pop3, pop3s, user, password = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
m = imaplib.IMAP4('127.0.0.1', int(imap))
assert 'LOGINDISABLED' in m.capabilities, m.capabilities
try:
    m.login(user, password)
    raise SystemExit('a password was taken without TLS')
except imaplib.IMAP4.error:
    pass
m.starttls(context)
assert 'LOGINDISABLED' not in m.capabilities and 'STARTTLS' not in m.capabilities, m.capabilities
m.login(user, password)
m.create('user.paul'); m.logout()
m = imaplib.IMAP4_SSL('127.0.0.1', int(imaps), ssl_context=context)
m.login('cyrus', 'admin-secret'); assert m.create('user.paul')[0] in ('OK', 'NO'); m.logout()
m = imaplib.IMAP4_SSL('127.0.0.1', int(imaps), ssl_context=context)
m.login(user, password); assert m.select()[0] == 'OK'; m.logout()
p = poplib.POP3('127.0.0.1', int(pop3)); p.stls(context); p.user(user); p.pass_(password); p.stat(); p.quit()
p = poplib.POP3_SSL('127.0.0.1', int(pop3s), context=context); p.user(user); p.pass_(password); p.stat(); p.quit()
`
