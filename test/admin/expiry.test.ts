/** cyr_expire and ipurge on a small store. */
import { expect } from 'chai'
import { cyrExpireTool, readDuration } from '../../src/admin/cyr-expire.js'
import { ipurgeTool } from '../../src/admin/ipurge.js'
import { system } from '../../src/store/types.js'
import { name } from '../store/names.js'
import { append, create, type ToolFixture, toolFixture } from './tool-fixture.js'

const old = 'Date: Sat, 21 Nov 2020 07:54:32 +0000\r\nSubject: old\r\n\r\n'
const large = `Subject: large\r\n\r\n${'x'.repeat(3000)}`

describe('admin/cyr_expire and ipurge', () => {
  let fixture: ToolFixture
  beforeEach(async () => {
    fixture = toolFixture()
    await fixture.with(async (store) => {
      for (const one of ['user.paul', 'user.paul.Sent', 'shared']) {
        const mailbox = await create(store, one)
        await append(store, mailbox, old)
        await append(store, mailbox, large)
      }
    })
  })
  afterEach(() => fixture.remove())

  const exists = (text: string) =>
    fixture.with(async (store) => store.read((view) => view.lookup(name(text)))?.exists ?? -1)

  it('reads durations', () => {
    const examples = { 1: 86_400, '1.5': 129_600, '36h': 129_600, '.5d': 43_200, '10m': 600, '7s': 7, 0: 0 }
    for (const [text, seconds] of Object.entries(examples)) expect(readDuration(text), text).to.equal(seconds)
    for (const bad of ['', '-1', '1w', 'x', '1d2h']) expect(readDuration(bad), bad).to.be.NaN
  })

  it('ipurge spares users without -f, and goes by the Date field', async () => {
    const { out } = await fixture.run(ipurgeTool, '-d', '30')
    expect(out.filter((line) => line.startsWith('Working'))).to.deep.equal(['Working on shared...'])
    expect(out).to.include('Deleted messages  \t\t 1').and.to.include('Remaining messages\t\t 1')
    expect([await exists('shared'), await exists('user.paul')]).to.deep.equal([1, 2])
  })
  it('ipurge goes by size, below a name too, and only looks with -n', async () => {
    const { out } = await fixture.run(ipurgeTool, '-n', '-f', '-k', '2', 'user.paul')
    expect(out.filter((line) => line === 'Deleted messages  \t\t 1')).to.have.length(2)
    expect(await exists('user.paul')).to.equal(2)
    await fixture.run(ipurgeTool, '-f', '-M', '-k', '2', 'user.paul')
    expect([await exists('user.paul'), await exists('user.paul.Sent')]).to.deep.equal([1, 2])
    await fixture.run(ipurgeTool, '-f', '-i', '-b', '1000')
    expect([await exists('user.paul'), await exists('user.paul.Sent')]).to.deep.equal([0, 1])
  })
  it('ipurge wants a criterion', async () => {
    for (const args of [[], ['-d', 'x'], ['-f']]) expect((await fixture.run(ipurgeTool, ...args)).status).to.equal(64)
  })

  it('cyr_expire forgets what was expunged, and says so', async () => {
    await fixture.run(ipurgeTool, '-b', '1')
    const { error, status } = await fixture.run(cyrExpireTool, '-X', '0s', '-v')
    expect(status).to.equal(0)
    expect(error.join('\n')).to.match(/Expired 0 and expunged 2 out of 6 messages from 3 mailboxes/)
    expect((await fixture.run(cyrExpireTool, '-X', '0')).error).to.deep.equal([])
  })
  it('cyr_expire expires by annotation, inherited, unless -a', async () => {
    await fixture.with(async (store) => {
      const inbox = store.read((view) => view.lookup(name('user.paul')))
      if (inbox === undefined) throw new Error('no INBOX')
      const entry = '/vendor/cmu/cyrus-imapd/expire'
      const annotation = { mailbox: inbox.id, entry, user: undefined, value: Buffer.from('1') }
      await store.change({ kind: 'setAnnotation', as: system, ...annotation })
      await append(store, inbox.id, old, { internalDate: Math.floor(Date.now() / 1000) - 3 * 86_400 })
    })
    await fixture.run(cyrExpireTool, '-E', '3', '-a')
    expect(await exists('user.paul')).to.equal(3)
    expect((await fixture.run(cyrExpireTool, '-E', '3', '-v')).error.join('\n')).to.match(/Expired 1 and/)
    expect(await exists('user.paul')).to.equal(2)
  })
  it('cyr_expire removes deleted mailboxes that are old enough', async () => {
    await fixture.with((store) => store.change({ kind: 'deleteMailbox', as: system, name: name('user.paul') }))
    expect((await fixture.run(cyrExpireTool, '-D', '1', '-v')).error.join('\n')).to.match(/Removed 0 deleted/)
    expect((await fixture.run(cyrExpireTool, '-D', '0', '-a', '-v', '-u', 'fred')).error.join('\n')).to.match(
      /Removed 0/,
    )
    expect((await fixture.run(cyrExpireTool, '-D', '0', '-a', '-v', '-u', 'paul')).error.join('\n')).to.match(
      /Removed 2/,
    )
  })
  it('cyr_expire wants something to do', async () => {
    for (const args of [[], ['-v'], ['-E', 'x'], ['-z']])
      expect((await fixture.run(cyrExpireTool, ...args)).status, args.join(' ')).to.equal(64)
  })
})
