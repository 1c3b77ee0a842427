/** An administrator of one domain is nobody in another. */
import { expect } from 'chai'
import { StoreError } from '../../src/store/errors.js'
import type { Actor } from '../../src/store/types.js'
import { admin, makeMailbox, makeStore, name, type TestStore } from './open-store.js'

const domainAdmin: Actor = { kind: 'user', user: 'boss@example.net', groups: [], admin: true }

describe('store: administrators of a domain', () => {
  let test: TestStore

  beforeEach(async () => {
    test = await makeStore({
      rights: { virtdomains: 'yes', defaultdomain: 'internal', implicitOwnerRights: 'lkxan', crossdomains: false },
    })
    for (const mailbox of ['example.net!user.anne', 'example.com!user.paul', 'user.fred'])
      await makeMailbox(test.store, mailbox)
  })
  afterEach(() => test.remove())

  const refused = async (change: Parameters<TestStore['store']['change']>[0]): Promise<boolean> =>
    await test.store.change(change).then(
      () => false,
      (error: unknown) => error instanceof StoreError,
    )

  it('create in their own', async () => {
    expect(
      await refused({ kind: 'createMailbox', as: domainAdmin, name: name('example.net!user.anne.Sent') }),
    ).to.equal(false)
  })

  it('neither create, rename nor subscribe in others', async () => {
    for (const above of ['example.com!user.paul', 'user.fred'])
      expect(await refused({ kind: 'createMailbox', as: domainAdmin, name: name(`${above}.Sent`) }), above).to.equal(
        true,
      )
    const from = name('example.net!user.anne')
    expect(
      await refused({ kind: 'renameMailbox', as: domainAdmin, from, to: name('example.com!user.paul.stolen') }),
    ).to.equal(true)
    const theirs = { user: 'paul@example.com', name: name('example.com!user.paul'), subscribed: true }
    expect(await refused({ kind: 'subscribe', as: domainAdmin, ...theirs })).to.equal(true)
    expect(await refused({ kind: 'subscribe', as: admin, ...theirs })).to.equal(false)
  })
})
