/** imapd.conf: spellings, units, services, old names, mistakes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { loadOptions, readImapdConf } from '../../src/config/imapd-conf.js'
import { ConfigError, problemLine } from '../../src/config/problem.js'

const least = 'configdirectory: /srv/imap\npartition-default: /srv/spool\n'

describe('config/imapd-conf', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-conf-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const write = (text: string, name = 'imapd.conf') => {
    const path = join(directory, name)
    writeFileSync(path, text)
    return path
  }
  const read = (text: string, service?: string) => readImapdConf(write(least + text), service ? { service } : {})
  const complaints = (text: string) => read(text).problems.map((problem) => `${problem.level} ${problem.text}`)

  it('has the defaults of upstream', () => {
    const { values, problems } = read('')
    expect(problems).to.deep.equal([])
    expect(values).to.include({
      altnamespace: true,
      unixhierarchysep: true,
      virtdomains: 'off',
      timeout: 32 * 60,
      poptimeout: 600,
      imapidlepoll: 60,
      maxliteral: 128 * 1024,
      lmtpsocket: '/srv/imap/socket/lmtp',
      proc_path: '/srv/imap/proc/',
      syslog_prefix: undefined,
      autocreate_quota: -1,
    })
    expect([...values.partitions]).to.deep.equal([['default', '/srv/spool']])
    expect(values.admins).to.deep.equal([])
  })

  const readings: [line: string, name: string, value: unknown][] = [
    ['altnamespace: no', 'altnamespace', false],
    ['AltNamespace: F', 'altnamespace', false],
    ['allowplaintext: on', 'allowplaintext', true],
    ['timeout: 45', 'timeout', 45 * 60],
    ['timeout: 1h30m', 'timeout', 5400],
    ['imapidlepoll: 30', 'imapidlepoll', 30],
    ['popexpiretime: -1', 'popexpiretime', -86400],
    ['maxmessagesize: 10M', 'maxmessagesize', 10485760],
    ['maxmessagesize: 4096', 'maxmessagesize', 4096],
    ['autocreate_quota: 100', 'autocreate_quota', 102400],
    ['autocreatequota: 0', 'autocreate_quota', -1],
    ['autocreatequota: -1', 'autocreate_quota', 0],
    ['autocreatequota: 7', 'autocreate_quota', 7168],
    ['virtdomains: yes', 'virtdomains', 'on'],
    ['virtdomains: userid', 'virtdomains', 'userid'],
    ['expunge_mode: immediate', 'expunge_mode', 'immediate'],
    ['lmtp_overquota_perm_failure: 1', 'lmtp_over_quota_perm_failure', true],
    ['tls_require_cert: yes', 'tls_client_certs', 'require'],
    ['sasl_pwcheck_method: saslauthd', 'sasl_pwcheck_method', ['saslauthd']],
    ['admins: cyrus  paul', 'admins', ['cyrus', 'paul']],
    ['admins: cyrus \\\n   paul', 'admins', ['cyrus', 'paul']],
    ['servername: ', 'servername', undefined],
    ['sieve_extensions: fileinto imapflags', 'sieve_extensions', ['fileinto', 'imap4flags']],
    ['syslog_facility: MAIL', 'syslog_facility', 'mail'],
    ['idlesocket: {configdirectory}/x', 'idlesocket', '/srv/imap/x'],
  ]
  for (const [line, name, value] of readings)
    it(`${JSON.stringify(line)} is ${name} ${JSON.stringify(value)}`, () => {
      expect(Object.entries(read(line).values).find(([key]) => key === name)?.[1]).to.deep.equal(value)
    })

  it('lets a service have its own values', () => {
    const text = 'admins: a\nlmtp_admins: b\nimap_tls_server_cert: /c\ntls_pop3_cert_file: /p\n'
    expect(read(text).values.admins).to.deep.equal(['a'])
    expect(read(text, 'lmtp').values.admins).to.deep.equal(['b'])
    expect(read(text, 'imap').values.tls_server_cert).to.equal('/c')
    expect(read(text, 'pop3').values.tls_server_cert).to.equal('/p')
  })

  it('prefers the new name to the old, wherever they stand', () => {
    expect(read('quotawarnpercent: 80\nquotawarn: 70\n').values.quotawarnpercent).to.equal(80)
  })

  it('collects partitions and sasl settings', () => {
    const { values } = read(
      'partition-fast: /fast\nmetapartition-fast: /meta\nsasl_sql_user: paul\nxlist-Sent: \\Sent\n',
    )
    expect([...values.partitions.keys()]).to.deep.equal(['default', 'fast'])
    expect(values.metapartitions.get('fast')).to.equal('/meta')
    expect(values.sasl.get('sql_user')).to.equal('paul')
    expect(values.xlist.get('sent')).to.equal('\\Sent')
  })

  it('includes files, and reports a file that includes itself', () => {
    write('altnamespace: no\n', 'more.conf')
    expect(read('@include: more.conf\n').values.altnamespace).to.equal(false)
    expect(complaints('@include: imapd.conf\n').join()).to.match(/includes itself/)
    expect(complaints('@include: none.conf\n').join()).to.match(/none.conf: there is no such file/)
  })

  const wrong: [line: string, pattern: RegExp][] = [
    ['expunge_mode: sometimes', /^error expunge_mode: must be one of immediate semidelayed delayed, not sometimes/],
    ['altnamespace: maybe', /^error altnamespace: must be one of 1 yes/],
    ['altnamespace:', /^error altnamespace: has no value/],
    ['timeout: soon', /^error timeout: must be a duration/],
    ['maxmessagesize: much', /^error maxmessagesize: must be a size/],
    ['no colon here', /^error this is not a line/],
    ['partition-default: relative', /^error partition-default is set otherwise at/],
    ['altnamspace: no', /^notice nobody knows the option altnamspace; did you mean altnamespace\?/],
    ['httpmodules: caldav', /^notice known to Cyrus but not implemented here.*httpmodules/],
    ['duplicate_db: berkeley-nosync', /^notice duplicate_db means nothing here/],
    ['berkeley_cachesize: 512', /^notice berkeley_cachesize means nothing here/],
    ['quotawarn: 80', /^notice quotawarn is now called quotawarnpercent/],
    ['defaultpartition: fast', /^error defaultpartition names fast, but there is no partition-fast/],
    ['umask: 9', /^error umask/],
  ]
  for (const [line, pattern] of wrong)
    it(`complains about ${JSON.stringify(line)}`, () => {
      expect(complaints(line)[0]).to.match(pattern)
    })

  it('stops at unknown options when strict', () => {
    expect(complaints('strict_config: yes\nfoo: bar\n')).to.deep.equal(['error nobody knows the option foo'])
  })

  it('throws all errors together, with file and line, and never a secret', () => {
    const path = write(`${least}timeout: x\nexpunge_mode: y\nsmtp_auth_password:\n`)
    const error = ((): unknown => {
      try {
        return loadOptions(path)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).to.be.instanceOf(ConfigError)
    const lines = (error as ConfigError).message.split('\n')
    expect(lines[0]).to.match(new RegExp(`^${path}:3: timeout`))
    expect(lines[1]).to.match(new RegExp(`^${path}:4: expunge_mode`))
    expect((error as ConfigError).exitCode).to.equal(78)
  })

  it('needs a configdirectory and a partition, and says so together', () => {
    const { problems } = readImapdConf(write('admins: cyrus\n'))
    expect(problems.map(problemLine).join('\n')).to.match(/configdirectory is not set[\s\S]*there is no partition/)
  })

  it('reports a file that is not there', () => {
    expect(() => loadOptions(join(directory, 'none'))).to.throw(ConfigError, /there is no such file/)
  })
})
