/** spool-fixture/ is a store without its index: reconstruct makes it whole again from files and headers alone. */
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { quotaTool } from '../src/admin/quota.js'
import { reconstructTool } from '../src/admin/reconstruct.js'
import type { InternalName } from '../src/store/mailbox-name.js'
import { allUids } from '../src/store/uid-ranges.js'
import { type ToolFixture, toolFixture } from './admin/tool-fixture.js'

const source = resolve(fileURLToPath(import.meta.url), '../../../spool-fixture')

describe('spool-fixture', () => {
  let fixture: ToolFixture

  beforeEach(() => {
    fixture = toolFixture()
    cpSync(source, fixture.spool, { recursive: true, preserveTimestamps: true })
  })
  afterEach(() => fixture.remove())

  it('comes back with names, UIDs, rights and bytes, and nothing that was expunged', async () => {
    const { status } = await fixture.run(reconstructTool, '-f')
    expect(status).to.equal(0)
    await fixture.with(async (store) => {
      const found = store.read((view) =>
        [...view.list('')].map(({ id, name, acl, uidValidity, specialUse, directory }) => {
          const messages = [...view.messages(id, allUids)]
          return { id, name, acl, uidValidity, specialUse, directory, uids: messages.map(({ uid }) => uid), messages }
        }),
      )
      expect(Object.fromEntries(found.map(({ name, uids }) => [name, uids]))).to.deep.equal({
        info: [1],
        'user.anne': [1],
        'user.fred': [1, 2, 3, 4, 5],
        'user.fred.Archive': [],
        'user.fred.Archive.2025': [1, 2, 3],
        'user.fred.Sent': [1],
      })
      expect(found.find(({ name }) => name === 'user.fred.Archive')?.acl).to.contain('anne\tlrs\t')
      expect(found.find(({ name }) => name === 'user.fred.Sent')?.specialUse).to.deep.equal(['\\Sent'])
      for (const { id, directory, messages } of found)
        for (const message of messages) {
          const mailbox = store.read((view) => view.mailbox(id))
          if (!mailbox) throw new Error('it was there a moment ago')
          const file = readFileSync(join(source, directory, `${message.uid}.`))
          expect(store.readMessage(mailbox, message).equals(file)).to.equal(true)
        }
      const inbox = store.read((view) => view.lookup('user.fred' as InternalName))
      expect(inbox?.uidNext).to.be.greaterThan(6)
      expect(existsSync(join(fixture.spool, 'user/fred/6.expunged'))).to.equal(true)
    })
    const after = await fixture.run(quotaTool, '-f', '-q')
    expect(after.out).to.deep.equal([])
    expect((await fixture.run(reconstructTool, '-n', '-q')).status).to.equal(0)
  })
})
