/** The administrator's tools on a running server: names, exit statuses and formats that scripts rely on. */
import { expect } from 'chai'
import type { CommandOptions } from '../support/command.js'
import { message, variety } from '../support/messages.js'
import { ServerUnderTest } from '../support/server-under-test.js'

describe('The tools', () => {
  let server: ServerUnderTest

  before(async () => {
    server = await ServerUnderTest.start({}, ['fred', 'anne'])
    await server.addMailboxes(['user.fred.Sub'])
    const admin = await server.asAdmin()
    await admin.ok('SETQUOTA user.fred (STORAGE 1000)')
    await admin.logout()
    await server.deliver('fred', variety('tools'))
  })
  after(() => server.remove())

  /** Runs a tool that must end with this status; gives what it printed, standard error below. */
  async function tool(
    name: string,
    args: readonly string[],
    status = 0,
    options: CommandOptions = {},
  ): Promise<string> {
    const result = await server.tool(name, args, options)
    const said = result.stdout + result.stderr
    expect(result.status, `${name} ${args.join(' ')} said: ${said}`).to.equal(status)
    return said
  }

  it('deliver hands a message to LMTP, also into a folder, and knows who is unknown', async () => {
    await tool('deliver', ['fred'], 0, { input: 'Subject: by deliver\n\nx\n' })
    expect((await server.spoolFile('user/fred/6.')).toString()).to.include('Subject: by deliver')
    const text = message({ id: 'deliver-2' })
    await tool('deliver', ['-m', 'Sub', '-a', 'fred', 'fred'], 0, { input: text })
    expect((await server.spoolFile('user/fred/Sub/1.')).toString()).to.include('deliver-2')
    expect(await tool('deliver', ['nobody'], 65, { input: text })).to.match(/nobody: .*Mailbox does not exist/)
  })

  it('mbpath says where a mailbox is', async () => {
    expect(await tool('mbpath', ['user.fred'])).to.equal(`${server.directory}/spool/user/fred\n`)
    expect(await tool('mbpath', ['-a', 'user.fred'])).to.match(/^Data: .*\/spool\/user\/fred$/m)
    expect(await tool('mbpath', ['user.none'], 65)).to.include("Invalid mailbox name: 'user.none'")
  })

  it('ctl_mboxlist dumps the mailbox list as one JSON object', async () => {
    const list = JSON.parse(await tool('ctl_mboxlist', ['-d']))
    expect(Object.keys(list).sort()).to.deep.equal(['user.anne', 'user.fred', 'user.fred.Sub'])
    expect(list['user.fred']).to.include({ name: 'user.fred', partition: 'default' })
    expect(list['user.fred'].acl.fred).to.match(/^lrswipkxtecda/)
    expect(list['user.fred'].uidvalidity).to.match(/^\d+$/)
  })

  it('cyr_info shows the configuration and finds nothing wrong in it', async () => {
    expect(await tool('cyr_info', ['conf'])).to.match(/^admins: cyrus$/m)
    expect(await tool('cyr_info', ['conf-lint'])).to.equal('')
    expect(await tool('cyr_info', ['proc'])).to.be.a('string')
  })

  it('quota reports and finds nothing to mend', async () => {
    expect(await tool('quota', [])).to.match(/^ +1000 +\d+ +\d+ +STORAGE user\.fred$/m)
    expect(await tool('quota', ['-f', '-q'])).to.equal('')
  })

  it('reconstruct names what it looked at and finds nothing', async () => {
    expect(await tool('reconstruct', ['user.fred'])).to.match(/^user\.fred$/m)
    expect(await tool('reconstruct', ['-r', 'user.fred'])).to.match(/^user\.fred\.Sub$/m)
    expect(await tool('reconstruct', ['-q', '-G'])).to.equal('')
  })

  it('chk_cyrus, ctl_cyrusdb -c and cyr_expire run on a live store', async () => {
    await tool('chk_cyrus', [])
    await tool('ctl_cyrusdb', ['-c'])
    expect(await tool('cyr_expire', ['-E', '1', '-v'])).to.match(/Expired \d+ and expunged \d+ out of 7 messages/)
  })

  it('ipurge removes by size, and the quota follows', async () => {
    expect(await tool('ipurge', ['-d', '30', '-f', 'user.fred'])).to.match(/Deleted messages\s+0\b/)
    const client = await server.imap('fred')
    await client.ok('SELECT INBOX')
    expect(await tool('ipurge', ['-X', '-b', '100', '-f', 'user.fred'])).to.match(/Deleted messages\s+6\b/)
    expect((await client.ok('STATUS INBOX (MESSAGES)')).untagged.join()).to.include('MESSAGES 0')
    await client.logout()
    expect(await tool('quota', [])).to.match(/^ +1000 +\d+ +0 +STORAGE user\.fred$/m)
    expect(await tool('quota', ['-f', '-q'])).to.equal('')
  })
})
