/** Settings that contradict each other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { contradictions } from '../../src/config/contradictions.js'
import { readImapdConf } from '../../src/config/imapd-conf.js'

describe('config/contradictions', () => {
  let directory = ''
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-contradictions-'))
  })
  after(() => rmSync(directory, { recursive: true }))

  const found = (text: string) => {
    const path = join(directory, 'imapd.conf')
    writeFileSync(path, `configdirectory: /srv/imap\npartition-default: /srv/spool\n${text}`)
    return contradictions(readImapdConf(path).values)
  }

  it('finds none where there is none', () => {
    for (const text of ['', 'allowplaintext: yes\nsasl_mech_list: PLAIN\n', 'tls_server_cert: disabled\n'])
      expect(found(text)).to.deep.equal([])
  })

  const cases: [text: string, pattern: RegExp][] = [
    ['tls_server_cert: /c', /tls_server_key is not/],
    ['tls_server_key: /k', /tls_server_cert is not/],
    ['tls_required: yes', /nobody can sign in/],
    ['sasl_mech_list: PLAIN LOGIN', /allowplaintext is off/],
    ['sasl_pwcheck_method: saslauthd', /allowplaintext is off/],
    ['partition-more: /srv/spool/more', /partition-more lies within partition-default/],
    ['partition-all: /srv', /lies within/],
    ['admins: Cyrus', /admins names Cyrus/],
    ['quotawarnpercent: 200', /above 100/],
    ['autocreate_post: yes', /no mailbox makes itself/],
  ]
  for (const [text, pattern] of cases) it(`names ${text}`, () => expect(found(text).join('\n')).to.match(pattern))
})
