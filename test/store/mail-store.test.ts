import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { StoreError } from '../../src/store/errors.js'
import type { MailboxId, Uid } from '../../src/store/types.js'
import { allUids, countUids, eachUid } from '../../src/store/uid-ranges.js'
import { admin, appendText, makeMailbox, makeStore, message, name, type TestStore, user } from './open-store.js'

const range = (first: number, last = first) => [{ first: first as Uid, last: last as Uid }]

for (const writer of ['inline', 'threads'] as const)
  describe(`store/mail-store, ${writer}`, () => {
    let test: TestStore
    let inbox: MailboxId

    beforeEach(async () => {
      test = await makeStore({}, writer)
      inbox = await makeMailbox(test.store, 'user.paul')
    })
    afterEach(() => test.remove())

    const mailbox = (id: MailboxId) => {
      const found = test.store.read((view) => view.mailbox(id))
      if (!found) throw new Error('no such mailbox')
      return found
    }
    const bytesOf = (id: MailboxId, uid: number) => {
      const record = test.store.read((view) => view.message(id, uid as Uid))
      return record && test.store.readMessage(mailbox(id), record).toString()
    }
    const fails = async (promise: Promise<unknown>, kind: string) => {
      const error = await promise.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).to.be.instanceOf(StoreError)
      expect((error as StoreError).kind).to.equal(kind)
    }

    it('appends: UID, counts, and the file byte for byte', async () => {
      const outcome = await appendText(test.store, inbox, message('one'))
      expect(outcome).to.include({ kind: 'stored', uid: 1 })
      await appendText(test.store, inbox, message('two'), ['\\Seen', '$Work'])
      const { exists, unseen, firstUnseen, uidNext, keywords, octets } = mailbox(inbox)
      expect({ exists, unseen, firstUnseen, uidNext, keywords }).to.deep.equal({
        exists: 2,
        unseen: 1,
        firstUnseen: 1,
        uidNext: 3,
        keywords: ['$Work'],
      })
      expect(octets).to.equal(message('one').length + message('two').length)
      expect(bytesOf(inbox, 1)).to.equal(message('one'))
      await test.reopen()
      expect(readFileSync(join(test.directory, 'spool/user/paul/2.'), 'latin1')).to.equal(message('two'))
      expect(bytesOf(inbox, 2)).to.equal(message('two'))
      expect(
        readdirSync(join(test.directory, 'conf/journal')).filter((file) => file.endsWith('.journal')),
      ).to.deep.equal([])
    })

    it('keeps packed records right over many chunks, flag changes and expunges', async () => {
      await Promise.all(Array.from({ length: 150 }, (_, index) => appendText(test.store, inbox, message(`${index}`))))
      const all = test.store.read((view) => view.uids(inbox))
      expect(all).to.deep.equal(range(1, 150))
      await test.store.change({
        kind: 'setFlags',
        as: user('paul'),
        mailbox: inbox,
        uids: range(1, 40),
        how: 'add',
        flags: ['\\Seen'],
      })
      expect(mailbox(inbox)).to.include({ unseen: 110, firstUnseen: 41 })
      const deleted = [...range(2, 5), ...range(60, 100)]
      await test.store.change({
        kind: 'setFlags',
        as: user('paul'),
        mailbox: inbox,
        uids: deleted,
        how: 'add',
        flags: ['\\Deleted'],
      })
      const { expunged } = await test.store.change({
        kind: 'expunge',
        as: user('paul'),
        mailbox: inbox,
        onlyDeleted: true,
      })
      expect(expunged).to.deep.equal(deleted)
      expect(mailbox(inbox)).to.include({ exists: 105, deleted: 0, unseen: 69 })
      const left = test.store.read((view) => [...view.messages(inbox, allUids)].map(({ uid }) => uid))
      expect(left).to.deep.equal([...eachUid(test.store.read((view) => view.uids(inbox)))])
      expect(left).to.have.length(105)
      const vanished = test.store.read((view) => view.vanishedSince(inbox, 1 as never))
      expect(countUids(vanished ?? [])).to.equal(45)
      await test.reopen()
      const files = readdirSync(join(test.directory, 'spool/user/paul'))
      expect(files.filter((file) => /^\d+\.$/.test(file))).to.have.length(105)
      expect(files.filter((file) => file.endsWith('.expunged'))).to.have.length(45)
    })

    it('copies and moves with bytes, flags and quota', async () => {
      await test.store.change({ kind: 'setQuota', as: admin, root: name('user.paul'), limits: { STORAGE: 100 } })
      const sent = await makeMailbox(test.store, 'user.paul.Sent')
      for (const subject of ['a', 'b', 'c'])
        await appendText(test.store, inbox, message(subject), ['\\Flagged', 'Keep'])
      const copied = await test.store.change({
        kind: 'copy',
        as: user('paul'),
        from: inbox,
        uids: range(1, 2),
        to: sent,
        move: false,
      })
      expect(copied).to.deep.include({ from: range(1, 2), to: range(1, 2) })
      const moved = await test.store.change({
        kind: 'copy',
        as: user('paul'),
        from: inbox,
        uids: range(3),
        to: sent,
        move: true,
      })
      expect(moved.to).to.deep.equal(range(3))
      expect(mailbox(inbox).exists).to.equal(2)
      expect(mailbox(sent)).to.include({ exists: 3, flagged: 3 })
      expect(bytesOf(sent, 3)).to.equal(message('c'))
      const quota = test.store.read((view) => view.quota(name('user.paul')))
      expect(quota?.usage).to.include({ MESSAGE: 5, MAILBOX: 2, STORAGE: mailbox(inbox).octets + mailbox(sent).octets })
      await test.reopen()
      expect(bytesOf(sent, 1)).to.equal(message('a'))
      expect(existsSync(join(test.directory, 'spool/user/paul/Sent/3.'))).to.equal(true)
      expect(readdirSync(join(test.directory, 'spool/stage.'))).to.deep.equal([])
    })

    it('renames a tree, files following, and brings back what was deleted', async () => {
      const sent = await makeMailbox(test.store, 'user.paul.Sent')
      const old = await makeMailbox(test.store, 'user.paul.Sent.Old')
      await appendText(test.store, sent, message('s'))
      await appendText(test.store, old, message('o'))
      const { renamed } = await test.store.change({
        kind: 'renameMailbox',
        as: user('paul'),
        from: name('user.paul.Sent'),
        to: name('user.paul.Out'),
      })
      expect(renamed.map(({ to }) => to)).to.deep.equal(['user.paul.Out', 'user.paul.Out.Old'])
      expect(bytesOf(old, 1)).to.equal(message('o'))
      await appendText(test.store, inbox, message('i'))
      await test.reopen()
      expect(bytesOf(sent, 1)).to.equal(message('s'))
      expect(existsSync(join(test.directory, 'spool/user/paul/Sent'))).to.equal(false)
      expect(existsSync(join(test.directory, 'spool/user/paul/Out/Old/1.'))).to.equal(true)
      await test.store.change({
        kind: 'setAcl',
        as: admin,
        name: name('user.paul'),
        identifier: 'cyrus',
        rights: 'all'.replace('all', 'lrswipkxtecda'),
      })
      const { deleted } = await test.store.change({ kind: 'deleteMailbox', as: admin, name: name('user.paul') })
      expect(deleted).to.deep.equal(['user.paul', 'user.paul.Out', 'user.paul.Out.Old'])
      expect(mailbox(inbox).name).to.match(/^DELETED\.user\.paul\.[0-9A-F]{8}$/)
      await test.store.change({
        kind: 'renameMailbox',
        as: { kind: 'system' },
        from: mailbox(inbox).name,
        to: name('user.paul'),
      })
      expect(bytesOf(inbox, 1)).to.equal(message('i'))
    })

    it('deletes for good: rows and files', async () => {
      const sent = await makeMailbox(test.store, 'user.paul.Sent')
      await appendText(test.store, sent, message('s'))
      await test.store.change({ kind: 'deleteMailbox', as: user('paul'), name: name('user.paul.Sent'), forGood: true })
      expect(test.store.read((view) => view.mailbox(sent))).to.equal(undefined)
      const again = await makeMailbox(test.store, 'user.paul.Sent')
      expect(mailbox(again)).to.include({ exists: 0, uidNext: 1 })
      expect(mailbox(again).uidValidity).to.be.greaterThan(mailbox(inbox).uidValidity)
    })

    it('keeps \\Seen of others apart', async () => {
      for (const subject of ['a', 'b', 'c']) await appendText(test.store, inbox, message(subject))
      await test.store.change({
        kind: 'setAcl',
        as: user('paul'),
        name: name('user.paul'),
        identifier: 'anne',
        rights: 'lrs',
      })
      await test.store.change({
        kind: 'setFlags',
        as: user('anne'),
        mailbox: inbox,
        uids: range(2),
        how: 'add',
        flags: ['\\Seen'],
      })
      const anne = test.store.read((view) => view.seen(inbox, 'anne'))
      expect(anne).to.deep.equal({ seen: range(2), unseen: 2 })
      expect(mailbox(inbox).unseen).to.equal(3)
      await test.store.change({ kind: 'expunge', as: user('paul'), mailbox: inbox, uids: range(2), onlyDeleted: false })
      expect(test.store.read((view) => view.seen(inbox, 'anne'))).to.deep.equal({ seen: [], unseen: 2 })
    })

    it('refuses what the ACL, the quota or the names forbid, and changes nothing', async () => {
      await appendText(test.store, inbox, message('a'))
      await fails(
        test.store.change({
          kind: 'setFlags',
          as: user('eve'),
          mailbox: inbox,
          uids: range(1),
          how: 'add',
          flags: ['\\Seen'],
        }),
        'notPermitted',
      )
      await fails(test.store.change({ kind: 'createMailbox', as: user('eve'), name: name('user.eve') }), 'notPermitted')
      await fails(test.store.change({ kind: 'createMailbox', as: admin, name: name('user.paul') }), 'mailboxExists')
      await fails(test.store.change({ kind: 'deleteMailbox', as: admin, name: name('user.paul') }), 'notPermitted')
      await test.store.change({ kind: 'setQuota', as: admin, root: name('user.paul'), limits: { MESSAGE: 1 } })
      const outcome = await appendText(test.store, inbox, message('b'))
      expect(outcome).to.include({ kind: 'refused', error: 'overQuota' })
      expect(mailbox(inbox).exists).to.equal(1)
    })

    it('forgets expunged messages and their files when asked', async () => {
      for (const subject of ['a', 'b', 'c']) await appendText(test.store, inbox, message(subject))
      await test.store.change({
        kind: 'expunge',
        as: user('paul'),
        mailbox: inbox,
        uids: range(1, 2),
        onlyDeleted: false,
      })
      await test.reopen()
      const forget = (before: number) => test.store.change({ kind: 'forgetExpunged', mailbox: inbox, before })
      expect(await forget(1)).to.deep.equal({ forgotten: 0, more: false })
      expect(await forget(Date.now() / 1000 + 10)).to.deep.equal({ forgotten: 2, more: false })
      await test.reopen()
      const files = readdirSync(join(test.directory, 'spool/user/paul'))
      expect(files.sort()).to.deep.equal(['3.', 'cyrus.header'])
    })

    it('stores a retried delivery once', async () => {
      const target = {
        mailbox: inbox,
        flags: [],
        quota: true,
        deliveryKey: { anchor: inbox, digest: Buffer.alloc(20, 7) },
      }
      const { inMemory } = await import('./open-store.js')
      const deliver = () =>
        test.store.change({ kind: 'append', as: { kind: 'system' }, staged: inMemory(message('x')), targets: [target] })
      expect((await deliver()).targets[0]).to.include({ kind: 'stored' })
      expect((await deliver()).targets[0]).to.include({ kind: 'duplicate' })
      expect(mailbox(inbox).exists).to.equal(1)
    })

    it('stages a large message in a file, and shows bare LF as CR LF', async () => {
      const area = test.store.stage('default')
      const line = `${'x'.repeat(70)}\n`
      await area.write(Buffer.from('Subject: large\r\n\r\n'))
      for (let count = 0; count < 6000; count++) await area.write(Buffer.from(line))
      const staged = await area.finish()
      expect(staged.kind).to.equal('file')
      await test.store.change({
        kind: 'append',
        as: { kind: 'system' },
        staged,
        targets: [{ mailbox: inbox, flags: [], quota: true }],
      })
      const record = test.store.read((view) => view.message(inbox, 1 as Uid))
      if (!record) throw new Error('not stored')
      expect(record.fileSize).to.equal(18 + 6000 * 71)
      expect(record.size).to.equal(18 + 6000 * 72)
      expect(test.store.readView(mailbox(inbox), record)).to.have.length(record.size)
      await test.reopen()
      expect(test.store.readMessage(mailbox(inbox), record)).to.have.length(record.fileSize)
    })

    it('fills the cache, and makes what is missing', async () => {
      await appendText(test.store, inbox, message('cached'))
      await test.reopen()
      const record = test.store.read((view) => view.message(inbox, 1 as Uid))
      const [entry] = record ? test.store.cache.get(mailbox(inbox), [record]) : []
      expect(entry?.envelope.toString()).to.contain('"cached"')
    })

    it('tells watchers of changes', async () => {
      const heard: number[] = []
      const watch = test.store.watch(inbox, (modSeq) => heard.push(modSeq))
      await appendText(test.store, inbox, message('a'))
      await new Promise((resolve) => setImmediate(resolve))
      watch.stop()
      expect(heard).to.deep.equal([mailbox(inbox).highestModSeq])
    })
  })
