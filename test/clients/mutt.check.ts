/** mutt, driven by keys on a terminal, opens a mailbox, saves a message to a file, and marks and deletes. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from '../support/command.js'
import { message } from '../support/messages.js'
import { password, type ServerUnderTest } from '../support/server-under-test.js'
import { sharedServer } from './shared.js'

const user = 'olaf'

describe('mutt', () => {
  let server: ServerUnderTest
  let place: string

  async function keys(sequence: string): Promise<string> {
    const url = `imap://${user}@127.0.0.1:${server.imapPort}/INBOX`
    const command = `mutt -n -F ${place}/muttrc -f ${url} -e 'push "${sequence}"'`
    const { status, stdout } = await run('script', ['-qec', command, '/dev/null'], {
      env: { TERM: 'xterm', HOME: place, LINES: '40', COLUMNS: '120' },
      timeout: 30_000,
    })
    expect(status, stdout).to.equal(0)
    return stdout
  }

  before(async () => {
    server = await sharedServer()
    place = join(server.directory, 'out/mutt')
    mkdirSync(join(place, 'Mail'), { recursive: true })
    const settings = ['imap_pass=secret', 'ssl_starttls=no', 'ssl_force_tls=no', 'confirmappend=no', 'confirmcreate=no']
    const quiet = [
      'quit=yes',
      'delete=yes',
      'move=no',
      'wait_key=no',
      'header_cache=""',
      'mbox_type=mbox',
      'sort=date',
      `folder=${place}/Mail`,
    ]
    const lines = [...settings, ...quiet].map((line) => `set ${line.replace('secret', password)}\n`)
    writeFileSync(join(place, 'muttrc'), lines.join(''))
    await server.deliver(
      user,
      ['mutt-1', 'mutt-2', 'mutt-3'].map((id) => message({ id, subject: `${id} subject` })),
    )
  })

  it('opens the mailbox, reads a message and saves a copy of it', async () => {
    await keys(`<first-entry><copy-message><kill-line>${place}/saved<enter><display-message><exit><quit>`)
    expect(existsSync(join(place, 'saved'))).to.equal(true)
    const saved = readFileSync(join(place, 'saved'), 'latin1')
    expect(saved).to.match(/^Subject: mutt-[123] subject$/m)
    expect(saved).to.include('\n.a line that starts with a dot\n')
  })

  it('flags one message, deletes another, and the server has it so', async () => {
    await keys('<first-entry><flag-message><last-entry><delete-message><sync-mailbox><quit>')
    const client = await server.imap(user)
    expect((await client.ok('SELECT INBOX')).untagged.join('\n')).to.include('* 2 EXISTS')
    expect((await client.ok('SEARCH FLAGGED')).untagged.join()).to.match(/^\* SEARCH \d$/)
    await client.logout()
  })
})
