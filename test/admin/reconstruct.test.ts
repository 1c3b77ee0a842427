import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { quotaTool } from '../../src/admin/quota.js'
import { reconstructTool } from '../../src/admin/reconstruct.js'
import type { MailStore } from '../../src/store/mail-store.js'
import type { InternalName } from '../../src/store/mailbox-name.js'
import { clusterPrefix } from '../../src/store/tables.js'
import { type MailboxId, system, type Uid } from '../../src/store/types.js'
import { allUids, eachUid } from '../../src/store/uid-ranges.js'
import { append, create, type ToolFixture, toolFixture } from './tool-fixture.js'

interface Seen {
  readonly uid: number
  readonly date: number
  readonly text: string
}

function look(store: MailStore, name: string) {
  return store.read((view) => {
    const mailbox = view.lookup(name as InternalName)
    if (!mailbox) return undefined
    const messages = [...view.messages(mailbox.id, allUids)].map(
      (message): Seen => ({
        uid: message.uid,
        date: message.internalDate,
        text: store.readMessage(mailbox, message).toString(),
      }),
    )
    return { mailbox, messages }
  })
}

describe('admin/reconstruct', () => {
  let fixture: ToolFixture
  const directory = (name: string): string => join(fixture.spool, name.replaceAll('.', '/'))
  const message = (number: number): Seen => ({
    uid: number,
    date: 1_600_000_000 + number,
    text: `Subject: ${number}\r\n\r\nbody ${number}\r\n`,
  })
  const uids = async (name = 'user.paul'): Promise<number[]> =>
    await fixture.with(async (store) =>
      store.read((view) => [...eachUid(view.uids(view.lookup(name as InternalName)?.id ?? (0 as MailboxId)))]),
    )
  const quarantined = (): string[] =>
    existsSync(join(fixture.spool, 'quarantine.')) ? readdirSync(join(fixture.spool, 'quarantine.')) : []

  beforeEach(async () => {
    fixture = toolFixture()
    await fixture.with(async (store) => {
      const inbox = await create(store, 'user.paul')
      const sent = await create(store, 'user.paul.Sent')
      for (let number = 1; number <= 5; number++) {
        const { text, date } = message(number)
        await append(store, inbox, text, { internalDate: date })
      }
      await append(store, sent, message(1).text, { internalDate: message(1).date })
      await store.change({
        kind: 'expunge',
        as: system,
        mailbox: inbox,
        uids: [{ first: 2 as Uid, last: 2 as Uid }],
        onlyDeleted: false,
      })
      await store.change({
        kind: 'setAcl',
        as: system,
        name: 'user.paul' as InternalName,
        identifier: 'anne',
        rights: 'lrs',
      })
    })
  })
  afterEach(() => fixture.remove())

  it('finds nothing on a healthy store', async () => {
    expect(await fixture.run(reconstructTool, '-q', '-G')).to.deep.equal({ status: 0, out: [], error: [] })
    expect((await fixture.run(reconstructTool)).out).to.deep.equal(['user.paul', 'user.paul.Sent'])
    expect((await fixture.run(reconstructTool, '-r', '-u', 'paul')).out).to.deep.equal(['user.paul', 'user.paul.Sent'])
    expect((await fixture.run(reconstructTool, 'user.%')).out).to.deep.equal(['user.paul'])
  })

  it('says which names have no mailbox', async () => {
    const { status, error } = await fixture.run(reconstructTool, 'user.nobody', 'nob*')
    expect([status, ...error]).to.deep.equal([65, 'reconstruct: there is no mailbox of the name "user.nobody"'])
  })

  it('brings back every live message from the spool alone, and nothing that was expunged', async () => {
    const before = await fixture.with(async (store) => look(store, 'user.paul'))
    rmSync(join(fixture.directory, 'conf'), { recursive: true })
    const { out } = await fixture.run(reconstructTool, '-q', '-r', '-f')
    expect(out.filter((line) => line.startsWith('discovered')).length).to.equal(2)
    const after = await fixture.with(async (store) => look(store, 'user.paul'))
    expect(after?.messages).to.deep.equal([1, 3, 4, 5].map(message))
    for (const fact of ['uniqueId', 'uidValidity', 'acl', 'id'] as const)
      expect(after?.mailbox[fact], fact).to.equal(before?.mailbox[fact])
    expect(after?.mailbox.uidNext).to.be.greaterThan(before?.mailbox.uidNext ?? 0)
    expect(after?.mailbox.highestModSeq).to.be.greaterThan(before?.mailbox.highestModSeq ?? 0)
    expect(await uids('user.paul.Sent')).to.deep.equal([1])
    expect((await fixture.run(reconstructTool, '-q', '-G')).out).to.deep.equal([])
    expect((await fixture.run(quotaTool, '-f', '-q')).out).to.deep.equal([])
    expect(existsSync(join(directory('user.paul'), '2.expunged'))).to.equal(true)
  })

  it('only says what it would do with -n', async () => {
    rmSync(join(directory('user.paul'), '1.'))
    writeFileSync(join(directory('user.paul'), '77.'), message(77).text)
    const { out } = await fixture.run(reconstructTool, '-q', '-n')
    expect(out).to.deep.equal(['user.paul uid 1 not found', 'user.paul uid 77 found - adding'])
    expect(await uids()).to.deep.equal([1, 3, 4, 5])
  })

  it('drops records without files, adopts files without records', async () => {
    rmSync(join(directory('user.paul'), '1.'))
    writeFileSync(join(directory('user.paul'), '77.'), message(77).text)
    writeFileSync(join(directory('user.paul'), '2.'), message(2).text) // expunged: it does not come back
    const { out } = await fixture.run(reconstructTool, '-q')
    expect(out.length).to.equal(3)
    expect(await uids()).to.deep.equal([3, 4, 5, 77])
    expect(quarantined().length).to.equal(1)
    expect((await fixture.run(reconstructTool, '-q', '-G')).out).to.deep.equal([])
    expect((await fixture.run(quotaTool, '-f', '-q')).out).to.deep.equal([])
  })

  it('knows a message again under another name', async () => {
    renameSync(join(directory('user.paul'), '4.'), join(directory('user.paul'), '44.'))
    await fixture.run(reconstructTool, '-q')
    expect(await uids()).to.deep.equal([1, 3, 4, 5])
    expect(existsSync(join(directory('user.paul'), '4.'))).to.equal(true)
  })

  it('notices empty, cut and altered files; -R takes them as new, -U moves them aside', async () => {
    writeFileSync(join(directory('user.paul'), '1.'), '')
    writeFileSync(join(directory('user.paul'), '3.'), message(3).text.slice(0, 20))
    writeFileSync(join(directory('user.paul'), '4.'), message(4).text.replace('body', 'BODY'))
    expect((await fixture.run(reconstructTool, '-q')).out.length).to.equal(2)
    expect((await fixture.run(reconstructTool, '-q', '-G')).out.length).to.equal(3)
    expect(await uids()).to.deep.equal([1, 3, 4, 5])
    writeFileSync(join(directory('user.paul'), '1.'), message(1).text)
    rmSync(join(directory('user.paul'), '3.'))
    await fixture.run(reconstructTool, '-q', '-G', '-R')
    expect(await uids()).to.deep.equal([1, 5, 6])
    writeFileSync(join(directory('user.paul'), '5.'), 'x')
    await fixture.run(reconstructTool, '-q', '-G', '-U')
    expect(await uids()).to.deep.equal([1, 6])
    expect(quarantined().length).to.equal(1)
    expect((await fixture.run(reconstructTool, '-q', '-G')).out).to.deep.equal([])
  })

  it('leaves odd things alone, moves them aside with -O', async () => {
    writeFileSync(join(directory('user.paul'), 'notes.txt'), 'mine')
    symlinkSync('/etc/passwd', join(directory('user.paul'), '9.'))
    const { out } = await fixture.run(reconstructTool, '-q', 'user.paul')
    expect(out.length).to.equal(3)
    expect((await fixture.run(reconstructTool, '-q', '-o', 'user.paul')).out).to.deep.equal([])
    await fixture.run(reconstructTool, '-q', '-O', 'user.paul')
    expect(quarantined().length).to.equal(2)
    expect(await uids()).to.deep.equal([1, 3, 4, 5])
    expect((await fixture.run(reconstructTool, '-q')).out).to.deep.equal([])
  })

  it('writes a lost or garbled cyrus.header again', async () => {
    const path = join(directory('user.paul'), 'cyrus.header')
    const whole = readFileSync(path)
    writeFileSync(path, 'garbage')
    expect((await fixture.run(reconstructTool, '-q', 'user.paul')).out.join()).to.include('is damaged')
    expect(readFileSync(path)).to.deep.equal(whole)
    rmSync(path)
    expect((await fixture.run(reconstructTool, '-q', 'user.paul')).out.join()).to.include('is missing')
    expect(readFileSync(path)).to.deep.equal(whole)
  })

  it('rebuilds rows that disagree with each other', async () => {
    await fixture.with(async ({ workshop: { environment, tables } }) => {
      environment.write(() => {
        const mailbox = tables.names.get('user.paul' as InternalName) ?? (0 as MailboxId)
        for (const { key, value } of [...tables.chunks.range({ start: { mailbox, sub: 0 }, sharing: clusterPrefix })]) {
          value.writeUInt32LE(9, 16 + 4) // flags of the first record, and with it the checksum
          tables.chunks.put(key, value)
          return
        }
      })
    })
    expect((await fixture.run(reconstructTool, '-q', 'user.paul')).out.join()).to.include('wrong checksum')
    expect(await uids()).to.deep.equal([1, 3, 4, 5])
    expect((await fixture.run(reconstructTool, '-q', '-G')).out).to.deep.equal([])
  })

  it('does not take a partition that is not mounted for lost mail', async () => {
    rmSync(directory('user.paul.Sent'), { recursive: true })
    const { out } = await fixture.run(reconstructTool, '-q', 'user.paul.Sent')
    expect(out.join()).to.include('is the partition mounted?')
    expect(await uids('user.paul.Sent')).to.deep.equal([1])
  })

  it('finds a directory that was put back from a backup', async () => {
    mkdirSync(directory('user.bert'), { recursive: true })
    const header = readFileSync(join(directory('user.paul.Sent'), 'cyrus.header'))
    rmSync(join(fixture.directory, 'conf'), { recursive: true })
    rmSync(directory('user.paul'), { recursive: true })
    writeFileSync(join(directory('user.bert'), 'cyrus.header'), header)
    writeFileSync(join(directory('user.bert'), '3.'), message(3).text)
    const { out } = await fixture.run(reconstructTool, '-f', 'user.bert')
    expect(out[0]).to.include('discovered user.paul.Sent at')
    expect(await uids('user.paul.Sent')).to.deep.equal([3])
    expect(existsSync(join(directory('user.paul.Sent'), '3.'))).to.equal(true)
  })
})
