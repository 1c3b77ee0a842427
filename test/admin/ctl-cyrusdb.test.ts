import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { chkCyrusTool } from '../../src/admin/chk-cyrus.js'
import { ctlCyrusdb } from '../../src/admin/ctl-cyrusdb.js'
import { quotaTool } from '../../src/admin/quota.js'
import { reconstructTool } from '../../src/admin/reconstruct.js'
import type { MailStore } from '../../src/store/mail-store.js'
import type { InternalName } from '../../src/store/mailbox-name.js'
import { flag, system, type Uid } from '../../src/store/types.js'
import { allUids } from '../../src/store/uid-ranges.js'
import { append, create, type ToolFixture, toolFixture } from './tool-fixture.js'

const name = (text: string): InternalName => text as InternalName
const one = (uid: number) => [{ first: uid as Uid, last: uid as Uid }]

describe('admin/ctl-cyrusdb', () => {
  let fixture: ToolFixture
  const run = async (...args: string[]): Promise<{ status: number; error: string[] }> => {
    const error: string[] = []
    const output = { out: () => undefined, error: (line: string) => void error.push(line) }
    return { status: await ctlCyrusdb(['-C', fixture.conf, ...args], output), error }
  }
  const index = (): string => join(fixture.directory, 'conf', 'db', 'index', 'data.mdb')
  const shown = (text: string): Promise<string[] | undefined> =>
    fixture.with(async (store: MailStore) =>
      store.read((view) => {
        const mailbox = view.lookup(name(text))
        return (
          mailbox &&
          [...view.messages(mailbox.id, allUids)].map(
            (message) =>
              `${message.uid}${message.flags & flag.flagged ? ' flagged' : ''} ${store.readMessage(mailbox, message).toString().trim()}`,
          )
        )
      }),
    )
  const healthy = async (): Promise<void> => {
    expect((await fixture.run(reconstructTool, '-q', '-G')).out).to.deep.equal([])
    expect((await fixture.run(quotaTool, '-f', '-q')).out).to.deep.equal([])
    expect((await fixture.run(chkCyrusTool)).out).to.deep.equal([])
    expect(await run('-r')).to.deep.equal({ status: 0, error: [] })
  }

  beforeEach(async () => {
    fixture = toolFixture()
    await fixture.with(async (store) => {
      const inbox = await create(store, 'user.paul')
      const old = await create(store, 'user.paul.Old')
      await create(store, 'user.paul.Gone')
      for (const text of ['one', 'two', 'three']) await append(store, inbox, text)
      await append(store, old, 'old')
      await store.change({
        kind: 'setFlags',
        as: system,
        mailbox: inbox,
        uids: one(1),
        how: 'add',
        flags: ['\\Flagged'],
      })
      await store.change({ kind: 'setQuota', as: system, root: name('user.paul'), limits: { STORAGE: 100 } })
    })
    expect(await run('-c')).to.deep.equal({ status: 0, error: [] })
    // What happens after the checkpoint:
    await fixture.with(async (store) => {
      const inbox = store.read((view) => view.lookup(name('user.paul')))
      if (!inbox) throw new Error('no inbox')
      await append(store, inbox.id, 'four')
      await store.change({ kind: 'expunge', as: system, mailbox: inbox.id, uids: one(2), onlyDeleted: false })
      await store.change({ kind: 'renameMailbox', as: system, from: name('user.paul.Old'), to: name('user.paul.New') })
      await store.change({ kind: 'deleteMailbox', as: system, name: name('user.paul.Gone'), forGood: true })
      await append(store, await create(store, 'user.anne'), 'hello anne')
    })
  })
  afterEach(() => fixture.remove())

  const afterCheckpoint = async (): Promise<void> => {
    expect(await shown('user.paul')).to.deep.equal(['1 flagged one', '3 three', '4 four'])
    expect(await shown('user.paul.New')).to.deep.equal(['1 old'])
    expect(await shown('user.paul.Old')).to.equal(undefined)
    expect(await shown('user.paul.Gone')).to.equal(undefined)
    expect(await shown('user.anne')).to.deep.equal(['1 hello anne'])
    await healthy()
  }

  it('says nothing about a healthy store', healthy)

  it('makes a damaged index again from the checkpoint and the spool', async () => {
    truncateSync(index(), 5000)
    const { status, error } = await run('-r')
    expect(status).to.equal(0)
    expect(error.join('\n')).to.include(
      'flags, seen state, quota limits and subscriptions are those of the checkpoint of',
    )
    await afterCheckpoint()
    expect(
      readdirSync(join(fixture.directory, 'conf', 'db')).some((entry) => entry.startsWith('index.damaged.')),
    ).to.equal(true)
  })

  it('makes a lost index again', async () => {
    rmSync(join(fixture.directory, 'conf', 'db'), { recursive: true })
    expect((await run('-r')).status).to.equal(0)
    await afterCheckpoint()
  })

  it('makes it again without a checkpoint, flags lost and said so', async () => {
    writeFileSync(index(), Buffer.alloc(100_000, 'x'))
    for (const checkpoint of ['db.backup1', 'db.backup2'])
      rmSync(join(fixture.directory, 'conf', checkpoint), { recursive: true, force: true })
    expect((await run('-r')).error.join('\n')).to.include('there is no checkpoint')
    expect(await shown('user.paul')).to.deep.equal(['1 one', '3 three', '4 four'])
    expect(await shown('user.paul.New')).to.deep.equal(['1 old'])
    await healthy()
  })

  it('keeps the two newest checkpoints', async () => {
    await run('-c')
    await run('-c')
    const conf = join(fixture.directory, 'conf')
    expect(readdirSync(conf).filter((entry) => entry.startsWith('db.backup'))).to.deep.equal([
      'db.backup1',
      'db.backup2',
    ])
    expect(existsSync(join(conf, 'db.backup2', 'index', 'data.mdb'))).to.equal(true)
  })

  it('chk_cyrus lists what is missing', async () => {
    rmSync(join(fixture.spool, 'user/paul/3.'))
    const { out, error } = await fixture.run(chkCyrusTool, '-M', 'user.paul')
    expect(out).to.deep.equal([join(fixture.spool, 'user/paul/3.')])
    expect(error).to.deep.equal(['Examining mailbox: user.paul', 'checking: user.paul'])
  })

  it('explains itself', async () => {
    expect((await run()).status).to.equal(64)
    expect((await run('-c', '-r')).status).to.equal(64)
  })
})
