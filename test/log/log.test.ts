/** The log: phrases that tools match on, forms of lines, and that nothing can be forged in them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { errorLine, fieldsLine, oneLine } from '../../src/log/event.js'
import { events } from '../../src/log/events.js'
import { syslogWriter } from '../../src/log/line-writer.js'
import { jsonForm, type LogLine, logTo, openLog, priority, syslogForm, syslogTime } from '../../src/log/log.js'

function collect(debug = false) {
  const lines: LogLine[] = []
  return { lines, log: logTo((line) => lines.push(line), { ident: 'cyrus/imap', debug }) }
}

const options = { syslog_prefix: 'cyrus', syslog_facility: 'mail', log_format: 'text', debug: false } as const

describe('log/log', () => {
  it('writes the phrases of Cyrus', () => {
    const { lines, log } = collect()
    const from = { host: 'pc', address: '10.0.0.1' }
    log.event('login.good', { ...from, user: 'paul', mech: 'PLAIN', tls: true, session: 'x-1' })
    log.event('login.bad', { ...from, user: 'paul', mech: 'plaintext', reason: 'checkpass failed' })
    log.event('delivered', { mailbox: 'user.paul', messageId: '<a@b>' })
    log.event('audit', { action: 'create', session: 's', mailbox: 'user.paul', uidvalidity: 7 })
    expect(lines.map(({ text }) => text)).to.deep.equal([
      'login: pc [10.0.0.1] paul PLAIN+TLS User logged in SESSIONID=<x-1>',
      'badlogin: pc [10.0.0.1] plaintext paul [SASL(-13): authentication failure: checkpass failed]',
      'Delivered: <a@b> to mailbox: user.paul',
      'auditlog: create sessionid=<s> mailbox=<user.paul> uidvalidity=<7>',
    ])
  })

  it('is matched by the failure filter of fail2ban', () => {
    const { lines, log } = collect()
    log.event('login.bad', { address: '10.0.0.1', mech: 'PLAIN', reason: 'no such user' })
    expect(lines[0]?.text).to.match(
      /^badlogin: [^[]*\[10\.0\.0\.1\] \S+ .*?\[?SASL\(-13\): (authentication failure|user not found): .*\]?$/,
    )
  })

  it('leaves out debug lines unless asked', () => {
    const [quiet, loud] = [collect(), collect(true)]
    for (const { log } of [quiet, loud]) log.event('debug', { text: 'x' })
    expect([quiet.lines.length, loud.lines.length]).to.deep.equal([0, 1])
  })

  it('names the service of a session', () => {
    const { lines, log } = collect()
    log.named('imaps').event('notice', { text: 'x' })
    expect(lines[0]?.ident).to.equal('cyrus/imaps')
  })

  it('cannot be made to write a second line', () => {
    expect(oneLine('a\r\nb\0\tc')).to.equal('a\\x0d\\nb\\x00 c')
    expect(oneLine('x'.repeat(10_000)).length).to.equal(8001)
  })

  it('writes fields, quoted where needed', () => {
    expect(fieldsLine('x.y', { user: 'paul', why: 'two words', none: undefined, n: 1n })).to.equal(
      'event=x.y user=paul why="two words" n=1',
    )
  })

  it('writes an error with its cause in one line', () => {
    const line = oneLine(errorLine(new Error('outer', { cause: new Error('inner') })))
    expect(line).to.match(/^Error: outer at .*caused by Error: inner/)
  })

  it('knows the forms of lines', () => {
    const time = new Date(2026, 10, 1, 9, 5, 0)
    const line: LogLine = { time, level: 'notice', ident: 'a/b', name: 'notice', fields: { n: 1n }, text: 'hello' }
    expect(syslogTime(time)).to.equal('Nov  1 09:05:00')
    expect(syslogForm(line, 'host')).to.equal(`Nov  1 09:05:00 host a/b[${process.pid}]: hello`)
    expect(JSON.parse(jsonForm(line, 'host'))).to.include({ level: 'notice', event: 'notice', n: '1', text: 'hello' })
  })

  it('knows priorities', () => {
    expect([priority('mail', 'notice'), priority('local6', 'err'), priority('daemon', 'info')]).to.deep.equal([
      21, 179, 30,
    ])
  })

  it('describes every event', () => {
    for (const [name, { doc }] of Object.entries(events)) expect(doc, name).to.match(/\.$/)
  })

  describe('with files', () => {
    let directory = ''
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'angarium-log-'))
    })
    afterEach(() => rmSync(directory, { recursive: true }))

    it('appends to CYRUS_SYSLOG_FILE', () => {
      const file = join(directory, 'syslog')
      const log = openLog({ service: 'imap', options, to: 'syslog', environment: { CYRUS_SYSLOG_FILE: file } })
      log.event('messages.expunged', { mailbox: 'user.paul', count: 3 })
      expect(readFileSync(file, 'utf8')).to.match(
        /^\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ cyrus\/imap\[\d+\]: Expunged 3 messages from user\.paul\n$/,
      )
    })

    it('gives logger one line an event', async () => {
      const [out, device, program] = ['out', 'device', 'program'].map((name) => join(directory, name))
      if (!out || !device || !program) throw new Error('no paths')
      writeFileSync(device, '')
      writeFileSync(
        program,
        `#!/bin/sh\necho "$@" > ${out}.tmp\nread line\necho "$line" >> ${out}.tmp\nmv ${out}.tmp ${out}\n`,
        {
          mode: 0o755,
        },
      )
      syslogWriter('imap', { program, device }).write('<21>hello')
      for (let waited = 0; !existsSync(out) && waited < 5000; waited += 20)
        await new Promise((resolve) => setTimeout(resolve, 20))
      const [args, line] = readFileSync(out, 'utf8').split('\n')
      expect(args).to.match(/--id=\d+ --tag imap/)
      expect(line).to.equal('<21>hello')
    })

    it('goes on without syslog', () => {
      const writer = syslogWriter('imap', { program: 'no-such-program', device: join(directory, 'none') })
      writer.write('x')
      expect(writer.takeLost()).to.equal(0)
    })
  })
})
