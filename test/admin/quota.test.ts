import { expect } from 'chai'
import { quotaTool } from '../../src/admin/quota.js'
import type { InternalName } from '../../src/store/mailbox-name.js'
import { system } from '../../src/store/types.js'
import { append, create, type ToolFixture, toolFixture } from './tool-fixture.js'

const head = '   Quota   % Used     Used             Resource Root'

describe('admin/quota', () => {
  let fixture: ToolFixture
  beforeEach(async () => {
    fixture = toolFixture()
    await fixture.with(async (store) => {
      const inbox = await create(store, 'user.paul')
      await create(store, 'user.paul.Sent')
      await create(store, 'user.anne')
      for (const [root, limits] of [
        ['user.paul', { STORAGE: 5000, MESSAGE: 100 }],
        ['user.anne', {}],
      ] as const)
        await store.change({ kind: 'setQuota', as: system, root: root as InternalName, limits })
      await append(store, inbox, `Subject: x\r\n\r\n${'x'.repeat(1_234_000)}`)
      await append(store, inbox, 'Subject: y\r\n\r\n')
    })
  })
  afterEach(() => fixture.remove())

  const paul = [
    '    5000       24     1205              STORAGE user.paul',
    '     100        2        2              MESSAGE user.paul',
    '                         0 X-ANNOTATION-STORAGE user.paul',
    '                         2        X-NUM-FOLDERS user.paul',
  ]
  const anne = [
    '                         0              STORAGE user.anne',
    '                         0              MESSAGE user.anne',
    '                         0 X-ANNOTATION-STORAGE user.anne',
    '                         1        X-NUM-FOLDERS user.anne',
  ]

  it('lists roots as Cyrus does', async () => {
    expect((await fixture.run(quotaTool)).out).to.deep.equal([head, ...anne, ...paul])
    expect((await fixture.run(quotaTool, 'user.p')).out).to.deep.equal([head, ...paul])
    expect((await fixture.run(quotaTool, '-u', 'anne')).out).to.deep.equal([head, ...anne])
    expect((await fixture.run(quotaTool, '-d', 'example.com')).out).to.deep.equal([head])
  })

  it('lists roots as JSON, storage in octets', async () => {
    const { out } = await fixture.run(quotaTool, '-J', 'user.paul')
    expect(JSON.parse(out.join('\n'))).to.deep.equal({
      'user.paul': {
        STORAGE: { used: 1234028, limit: 5120000 },
        MESSAGE: { used: 2, limit: 100 },
        'X-ANNOTATION-STORAGE': { used: 0 },
        'X-NUM-FOLDERS': { used: 2 },
      },
    })
  })

  it('finds nothing on a healthy store', async () => {
    expect(await fixture.run(quotaTool, '-f', '-q')).to.deep.equal({ status: 0, out: [], error: [] })
  })

  it('puts usage, counts and quota roots right, and with -n only says so', async () => {
    await fixture.with(async ({ workshop: { environment, tables } }) => {
      environment.write(() => {
        const root = 'user.paul' as InternalName
        const quota = tables.quotas.get(root)
        if (quota) tables.quotas.put(root, { ...quota, usage: { ...quota.usage, STORAGE: 7, MAILBOX: 9 } })
        const [inbox, sent] = [...tables.mailboxes.keys()]
        const counts = inbox && tables.counts.get({ mailbox: inbox, sub: undefined })
        if (counts) tables.counts.put({ mailbox: inbox, sub: undefined }, { ...counts, exists: 77 })
        const entry = sent && tables.mailboxes.get(sent)
        if (entry) tables.mailboxes.put(entry.id, { ...entry, quotaRoot: 'user.anne' as InternalName })
      })
    })
    const wrong = [
      'user.paul: exists is 77, should be 2',
      'user.paul.Sent: quota root user.anne --> user.paul',
      'user.paul: STORAGE usage was 7, now 1234028',
      'user.paul: X-NUM-FOLDERS usage was 9, now 2',
    ]
    const dry = (await fixture.run(quotaTool, '-f', '-q', '--dry-run')).out
    expect(dry.slice(0, 2)).to.deep.equal(wrong.slice(0, 2))
    expect((await fixture.run(quotaTool, '-f', '-q')).out).to.deep.equal(wrong)
    expect((await fixture.run(quotaTool, '-f', '-q')).out).to.deep.equal([])
    expect((await fixture.run(quotaTool)).out).to.deep.equal([head, ...anne, ...paul])
  })

  it('refuses what it cannot mean', async () => {
    expect((await fixture.run(quotaTool, '-Z')).status).to.equal(64)
    expect((await fixture.run(quotaTool, 'user.\u0001')).status).to.equal(65)
  })
})
