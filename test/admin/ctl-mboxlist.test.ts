/** ctl_mboxlist: dump, reading back, comparing with the spool. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ctlMboxlistTool } from '../../src/admin/ctl-mboxlist.js'
import { readMailboxDump } from '../../src/admin/mailbox-dump.js'
import { undump } from '../../src/admin/undump.js'
import { name } from '../store/names.js'
import { create, type ToolFixture, toolFixture } from './tool-fixture.js'

describe('admin/ctl_mboxlist', () => {
  let fixture: ToolFixture
  beforeEach(async () => {
    fixture = toolFixture()
    await fixture.with(async (store) => {
      for (const one of ['user.paul', 'user.paul.Sent', 'shared']) await create(store, one)
    })
  })
  afterEach(() => fixture.remove())

  it('dumps one JSON object, a line for each mailbox', async () => {
    const { out, status } = await fixture.run(ctlMboxlistTool, '-d')
    expect(status).to.equal(0)
    const text = out.join('\n')
    expect(text).to.match(
      /^"user\.paul": \{"name": "user\.paul", "mtime": "\d+", "uidvalidity": "\d+", "createdmodseq": "\d+", "foldermodseq": "\d+", "mbtype": "e", "partition": "default", "acl": \{"paul": "lrswipkxtecdan"\}, "uniqueid": "[^"]+", "name_history": \[\]\},?$/m,
    )
    expect(Object.keys(JSON.parse(text))).to.deep.equal(['shared', 'user.paul', 'user.paul.Sent'])
    expect((await fixture.run(ctlMboxlistTool, '-d', '-p', 'other')).out).to.deep.equal(['{\n}'])
  })

  it('reads a dump of its own back, and the lines of old releases', async () => {
    const dump = (await fixture.run(ctlMboxlistTool, '-d')).out.join('\n')
    const read = readMailboxDump(dump, { legacy: false })
    expect(read).to.deep.include({ name: 'user.paul', partition: 'default', acl: 'paul\tlrswipkxtecdan\t' })
    const old = 'user.fred\tdefault fred\tlrswipcda\tanyone\tp\t\nuser.x\t0 default x\tlrs\t\n'
    expect(readMailboxDump(old, { legacy: false })).to.deep.equal([
      { name: 'user.fred', partition: 'default', acl: 'fred\tlrswipcda\tanyone\tp\t' },
      { name: 'user.x', partition: 'default', acl: 'x\tlrs\t' },
    ])
    for (const bad of ['{', '[]\n', '{"a": 1}', 'onlyname\n'])
      expect(readMailboxDump(bad, { legacy: false }), bad).to.be.a('string')
  })

  it('makes what is missing and sets ACLs, and removes nothing', async () => {
    const dumped = [
      { name: 'user.fred', partition: 'default', acl: 'fred\tlrs\t' },
      { name: 'user.paul', partition: 'default', acl: 'paul\tlrswipkxtecdan\tanyone\tp\t' },
    ]
    const tool = {
      ...ctlMboxlistTool,
      run: (run: Parameters<typeof ctlMboxlistTool.run>[0]) => undump(run, dumped),
    }
    const expected = ['user.fred: created', 'user.paul: gave anyone p']
    expect((await fixture.run(tool, '-n')).out).to.deep.equal([
      'user.fred: would be created',
      'user.paul: would give anyone p',
    ])
    expect((await fixture.run(tool)).out).to.deep.equal(expected)
    expect((await fixture.run(tool)).out).to.deep.equal([])
    await fixture.with(async (store) => {
      expect(store.read((view) => view.lookup(name('user.fred')))?.acl).to.equal('fred\tlrs\t')
      expect(store.read((view) => view.lookup(name('shared')))).not.to.equal(undefined)
    })
  })

  it('compares the list with the spool', async () => {
    expect((await fixture.run(ctlMboxlistTool, '-v')).out).to.deep.equal([])
    const stray = join(fixture.spool, 'user/stray')
    mkdirSync(stray, { recursive: true })
    writeFileSync(join(stray, 'cyrus.header'), '')
    expect((await fixture.run(ctlMboxlistTool, '-v')).out).to.deep.equal([
      `'${stray}' on partition 'default' has a cyrus.header but no DB entry`,
    ])
  })

  it('wants one mode, and refuses what would lose mailboxes', async () => {
    for (const args of [[], ['-d', '-v'], ['-d', '-x'], ['-m'], ['-d', '-f', 'x']])
      expect((await fixture.run(ctlMboxlistTool, ...args)).status, args.join(' ')).to.equal(64)
  })
})
