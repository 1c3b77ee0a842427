/** What transcripts cannot show: large messages and maildrops, messages that vanish, locks of the dead, sign-in rates, client tools' views. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { loginDelay } from '../../../src/services/pop3d/login-delay.js'
import { MaildropLocks } from '../../../src/services/pop3d/maildrop-lock.js'
import { uniqueId } from '../../../src/services/pop3d/unique-id.js'
import { processOwner } from '../../../src/store/config.js'
import { system, type Uid } from '../../../src/store/types.js'
import { name } from '../../store/open-store.js'
import { pop3TestServer } from './pop3-server.js'

describe('pop3d maildrop', () => {
  it('streams a large message dot by dot, and answers for one that vanished', async () => {
    const server = await pop3TestServer('auditlog: yes')
    await server.addUser('paul', 'pencil')
    const text = `Subject: large\r\n\r\n${'.line of a large message\r\n'.repeat(40_000)}`
    await server.append('user.paul', text)
    await server.append('user.paul', 'Subject: two\r\n\r\n')
    const client = server.connect()
    const line = async (): Promise<string> => (await client.readLine(2000))?.toString() ?? 'END'
    await line()
    client.write('USER paul\r\nPASS pencil\r\nLIST 1\r\nRETR 1\r\n')
    await line()
    await line()
    expect(await line()).to.equal(`+OK 1 ${text.length}`)
    await line()
    let octets = 0
    for (let said = await line(); said !== '.'; said = await line())
      octets += said.length + (said.startsWith('.') ? 1 : 2)
    expect(octets).to.equal(text.length)
    const mailbox = server.store.read((view) => view.lookup(name('user.paul')))
    if (!mailbox) throw new Error('no mailbox')
    const uids = [{ first: 2 as Uid, last: 2 as Uid }]
    await server.store.change({ kind: 'expunge', as: system, mailbox: mailbox.id, uids, onlyDeleted: false })
    client.write('RETR 2\r\nDELE 2\r\nSTAT\r\nDELE 1\r\nQUIT\r\n')
    expect(await line()).to.equal('-ERR Message has been removed')
    expect(await line()).to.equal('+OK message deleted')
    expect(await line()).to.match(/^\+OK 1 /)
    expect(await line()).to.equal('+OK message deleted')
    expect(await line()).to.equal('+OK')
    expect(server.texts()).to.include('Expunged 1 messages from user.paul')
    expect(server.texts().filter((text) => text.startsWith('auditlog: expunge sessionid=<pop-')).length).to.equal(1)
    await server.close()
  })

  it('says good-bye when the server stops, and frees the lock', async () => {
    const server = await pop3TestServer()
    await server.addUser('paul', 'pencil')
    await server.append('user.paul', 'Subject: x\r\n\r\n')
    const client = server.connect()
    client.write('USER paul\r\nPASS pencil\r\n')
    for (let i = 0; i < 3; i++) await client.readLine(2000)
    server.worker.stop()
    expect(String(await client.readLine(2000))).to.equal('-ERR [SYS/TEMP] server stopping')
    await server.close()
  })

  it('takes the lock of a process that is gone, and of no other', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'angarium-lock-'))
    const dead = new MaildropLocks(directory, '999999999.1.no-such-boot')
    const living = new MaildropLocks(directory, processOwner(process.pid))
    expect(dead.acquire(1, 'a')).to.equal(true)
    expect(living.acquire(1, 'b')).to.equal(true)
    expect(living.acquire(1, 'c')).to.equal(false)
    living.release(1, 'c')
    expect(living.acquire(1, 'c')).to.equal(false)
    living.release(1, 'b')
    expect(living.acquire(1, 'c')).to.equal(true)
    await dead.close()
    await living.close()
    rmSync(directory, { recursive: true })
  })

  it('counts sign-ins against popminpoll and poppollpadding', () => {
    let now = 1000
    const plain = loginDelay({ minPoll: 60, padding: 1 }, () => now)
    expect([plain.allows('paul', 0), plain.allows('paul', 950), plain.allows('paul', 940)]).to.deep.equal([
      true,
      false,
      true,
    ])
    const soft = loginDelay({ minPoll: 60, padding: 3 }, () => now)
    expect([1, 2, 3, 4].map(() => soft.allows('paul', 0))).to.deep.equal([true, true, true, false])
    expect(soft.allows('anne', 0)).to.equal(true)
    now += 60
    expect([soft.allows('paul', 0), soft.allows('paul', 0)]).to.deep.equal([true, false])
    expect(loginDelay({ minPoll: 0, padding: 1 }).allows('paul', now)).to.equal(true)
  })

  it('forms unique ids as older servers did', () => {
    const message = { uid: 26, uidValidity: 1_700_000_000 }
    expect((['uidonly', 'cyrus', 'dovecot', 'courier'] as const).map((form) => uniqueId(form, message))).to.deep.equal([
      '26',
      '1700000000.26',
      '0000001a6553f100',
      '1700000000-26',
    ])
  })
})
