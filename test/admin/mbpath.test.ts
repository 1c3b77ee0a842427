/** mbpath against what Debian's prints. */
import { expect } from 'chai'
import { mbpathTool } from '../../src/admin/mbpath.js'
import { create, type ToolFixture, toolFixture } from './tool-fixture.js'

describe('admin/mbpath', () => {
  let fixture: ToolFixture
  before(async () => {
    fixture = toolFixture()
    await fixture.with(async (store) => {
      for (const name of ['user.paul', 'user.paul.Sent', 'user.john^doe', 'shared']) await create(store, name)
    })
  })
  after(() => fixture.remove())

  const paths = async (...args: string[]) => {
    const { status, out, error } = await fixture.run(mbpathTool, ...args)
    return { status, error, out: out.map((line) => line.replaceAll(fixture.directory, 'DIR')) }
  }

  it('shows the data path', async () => {
    const { out, status } = await paths('user.paul', 'user.paul.Sent')
    expect(out.map((path) => path.slice(-15))).to.deep.equal(['spool/user/paul', '/user/paul/Sent'])
    expect(status).to.equal(0)
  })
  it('shows all paths with -a', async () => {
    const { out } = await paths('-a', 'user.paul')
    expect(out.map((line) => line.split(':')[0])).to.deep.equal(['Archive', 'Data', 'Meta', 'Sieve', 'User'])
  })
  it('takes users with -u, and paths with -p', async () => {
    const [byName] = (await paths('user.john^doe')).out
    expect((await paths('-u', 'john.doe')).out).to.deep.equal([byName])
    expect((await paths('-p', 'user/john^doe')).out).to.deep.equal([byName])
  })
  it('prints JSON with -j, keys in order', async () => {
    const text = (await paths('-j', 'user.paul.Sent')).out.join('\n')
    const json = JSON.parse(text)
    expect(Object.keys(json)).to.deep.equal(['archive', 'data', 'mbname', 'meta', 'user', 'xapian'])
    expect(json.mbname).to.deep.equal({ boxes: ['Sent'], intname: 'user.paul.Sent', localpart: 'paul', userid: 'paul' })
    expect(Object.keys(json.user)).to.deep.equal([
      'conversations',
      'counters',
      'dav',
      'seen',
      'sieve',
      'sub',
      'xapianactive',
    ])
    const shared = JSON.parse((await paths('-j', 'shared')).out.join('\n'))
    expect(shared).to.have.all.keys('archive', 'data', 'mbname', 'meta')
  })
  it('says what is no mailbox, and goes on', async () => {
    const { out, error, status } = await paths('user.none', 'user.paul')
    expect(error).to.deep.equal(["Invalid mailbox name: 'user.none'"])
    expect([out.length, status]).to.deep.equal([1, 65])
    expect(await paths('-q', '-s', 'user.none', 'user.paul')).to.deep.equal({ out: [], error: [], status: 65 })
  })
  it('wants one selector and a name', async () => {
    expect((await paths()).status).to.equal(64)
    expect((await paths('-A', '-M', 'user.paul')).status).to.equal(64)
  })
})
