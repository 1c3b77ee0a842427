/** cyr_info: what is in effect, and what is wrong. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { cyrBuildinfo } from '../../src/admin/cyr-buildinfo.js'
import { cyrInfo } from '../../src/admin/cyr-info.js'

describe('admin/cyr-info', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-info-'))
    writeFileSync(join(directory, 'cyrus.conf'), 'SERVICES {\n imap cmd=imapd listen=imap\n}\n')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  function run(text: string, ...args: string[]) {
    const conf = join(directory, 'imapd.conf')
    writeFileSync(conf, `configdirectory: ${directory}\npartition-default: /srv/spool\n${text}`)
    const [out, error]: [string[], string[]] = [[], []]
    const files = ['-C', conf, '-M', join(directory, 'cyrus.conf')]
    const status = cyrInfo([...files, ...args], { out: (line) => out.push(line), error: (line) => error.push(line) })
    return { status, out, error }
  }

  it('conf shows what is not the default', () => {
    const { status, out } = run('altnamespace: 1\nallowplaintext: 1\ntimeout: 45m\nquotawarn: 80\n', 'conf')
    expect(status).to.equal(0)
    expect(out).to.deep.equal([
      `configdirectory: ${directory}`,
      'partition-default: /srv/spool',
      'allowplaintext: yes',
      'timeout: 45m',
      'quotawarnpercent: 80',
    ])
  })

  it('conf-all shows everything, as a service sees it', () => {
    const text = 'admins: a\nimap_admins: b\n'
    expect(run(text, 'conf-all').out).to.include.members(['admins: a', 'altnamespace: yes', 'httpallowtrace: no'])
    expect(run(text, '-n', 'imap', 'conf-all').out).to.include('admins: b')
  })

  it('conf-default shows every default, sorted', () => {
    const { out } = run('', 'conf-default')
    expect(out).to.include.members(['timeout: 32m', 'virtdomains: off', 'munge8bit: no', 'caldav_allowattach: yes'])
    expect(out.length).to.be.greaterThan(500)
  })

  it('conf-lint is silent when all is known', () => {
    const text = 'imap_admins: b\nhttpmodules: caldav\nduplicate_db: skiplist\ntls_imap_cert_file: /x\n'
    expect(run(text, 'conf-lint')).to.deep.equal({ status: 0, out: [], error: [] })
  })

  it('conf-lint names what nobody knows and all that is wrong', () => {
    const { status, out, error } = run('foo: bar\npop3_admins: b\ntimeout: soon\n', 'conf-lint')
    expect(status).to.equal(1)
    expect(out).to.deep.equal(['foo: bar', 'pop3_admins: b'])
    expect(error.join()).to.match(/imapd.conf:5: timeout: must be/)
    expect(run('quotawarnn: 1\n', 'conf-lint').error.join()).to.match(
      /imapd.conf:3: nobody knows the option quotawarnn; did you mean quotawarn\?/,
    )
  })

  it('leaves with 78 where the configuration is wrong', () => {
    expect(run('expunge_mode: foo\n', 'conf').status).to.equal(78)
  })

  it('proc lists sessions', () => {
    mkdirSync(join(directory, 'proc'))
    writeFileSync(join(directory, 'proc', String(process.pid)), 'imap\tpc [10.0.0.1]\tpaul\tuser.paul\tIDLE\tid\t1\n')
    expect(run('', 'proc').out).to.deep.equal([`${process.pid} imap pc [10.0.0.1] paul user.paul IDLE`])
  })

  it('version and usage', () => {
    expect(run('', 'version').out[0]).to.match(/^cyrus-imapd 3\.6\.1-angarium-\d+\.\d+\.\d+/)
    expect(run('').status).to.equal(64)
    expect(run('', 'nothing').error.join()).to.match(/Where command is one of/)
  })
})

describe('admin/cyr-buildinfo', () => {
  it('is an object of objects', () => {
    const lines: string[] = []
    expect(cyrBuildinfo([], { out: (line) => lines.push(line) })).to.equal(0)
    expect(JSON.parse(lines.join('\n'))).to.have.nested.property('component.sieve', true)
  })
})
