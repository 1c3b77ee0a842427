/**
 * Debian's own /etc/cyrus.conf and /etc/imapd.conf start on an empty spool.
 * Changed in the copy, and nothing else: the directories (/var/lib/cyrus, /var/spool/cyrus, /var/spool/sieve, /var/spool/news,
 * /run/cyrus) become private ones, and the addresses in listen= become private ports of 127.0.0.1.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { must } from '../support/command.js'
import { answersAt, owner, ServerUnderTest } from '../support/server-under-test.js'
import { freePort } from '../support/wait.js'

const directories = ['/var/lib/cyrus', '/var/spool/cyrus', '/var/spool/sieve', '/var/spool/news', '/run/cyrus']

describe("Debian's own configuration files", () => {
  it('start unchanged but for directories and ports, and say what is mapped and skipped', async () => {
    const server = await ServerUnderTest.prepare()
    // Debian's Cyrus would need -C in each command, and thus other files than Debian's.
    if (server.make === 'cyrus') return server.remove()
    try {
      const place = (path: string): string => join(server.directory, 'debian', path)
      const moved = (text: string): string => directories.reduce((all, path) => all.replaceAll(path, place(path)), text)
      for (const path of ['/var/lib/cyrus', '/var/spool/cyrus/mail', '/var/spool/sieve', '/run/cyrus/socket']) {
        mkdirSync(place(path), { recursive: true })
      }
      await must('chown', ['-R', `${owner}:mail`, join(server.directory, 'debian')])
      const ports = { http: await freePort(), nntp: await freePort(), sieve: await freePort() }
      const listens = [
        ['listen="imap"', server.imapPort],
        ['listen="pop3"', server.pop3Port],
        ['listen="nntp"', ports.nntp],
        ['listen="8008"', ports.http],
        ['listen="localhost:sieve"', ports.sieve],
      ] as const
      const master = listens.reduce(
        (text, [was, port]) => text.replace(was, `listen="127.0.0.1:${port}"`),
        moved(readFileSync('/etc/cyrus.conf', 'utf8')),
      )
      writeFileSync(server.cyrusConf, master)
      writeFileSync(server.imapdConf, moved(readFileSync('/etc/imapd.conf', 'utf8')))
      const socket = place('/run/cyrus/socket/lmtp')
      await server.up(socket)
      expect(await answersAt({ port: server.pop3Port, host: '127.0.0.1' }), 'POP3').to.equal(true)
      expect(await answersAt({ path: socket }), 'LMTP').to.equal(true)
      expect(server.log).to.match(/httpd/)
      expect(server.log).to.match(/nntpd/)
      expect(await server.down()).to.be.below(20_000)
    } finally {
      await server.remove()
    }
  })
})
