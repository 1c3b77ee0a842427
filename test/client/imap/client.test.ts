// The IMAP client against scripted servers: what it sends, what it makes of answers, and how it fails.
import { expect } from 'chai'
import { getAcl, setAcl } from '../../../src/client/imap/acl.js'
import type { ImapClient } from '../../../src/client/imap/client.js'
import { ImapLost, ImapRefused } from '../../../src/client/imap/errors.js'
import { createMailbox, listMailboxes, renameMailbox } from '../../../src/client/imap/mailboxes.js'
import { append, idle, select, uidFetch } from '../../../src/client/imap/messages.js'
import { getMetadata, setMetadata } from '../../../src/client/imap/metadata.js'
import { openImap } from '../../../src/client/imap/open.js'
import { getQuota, setQuota } from '../../../src/client/imap/quota.js'
import { identify, logout, signIn } from '../../../src/client/imap/session.js'
import { bytesOf } from '../../../src/syntax/imap/response-data.js'
import { scripted } from '../scripted-server.js'

const GREETING = 'S: * OK [CAPABILITY IMAP4rev1 LITERAL+ LIST-EXTENDED SASL-IR AUTH=PLAIN AUTH=LOGIN] ready'

async function talk(transcript: string, act: (client: ImapClient) => Promise<void>): Promise<void> {
  const server = await scripted(transcript)
  const { client } = await openImap({ address: { host: '127.0.0.1', port: server.port }, tls: 'off', timeout: 2000 })
  try {
    await act(client)
  } finally {
    await client.close()
    await server.done()
  }
}

async function thrown(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}

const paul = { user: 'paul', password: 'secret', host: 'localhost', tls: undefined }

describe('client/imap', () => {
  it('signs in with the initial response in the command', () =>
    talk(
      `${GREETING}
       C: a1 AUTHENTICATE PLAIN AHBhdWwAc2VjcmV0
       S: a1 OK [CAPABILITY IMAP4rev1 QUOTA] done
       C: a2 LOGOUT
       S: * BYE bye
       S: a2 OK done`,
      async (client) => {
        await signIn(client, paul)
        expect([...(await client.capabilities())]).to.deep.equal(['IMAP4REV1', 'QUOTA'])
        await logout(client)
      },
    ))

  it('answers a server that asks, and takes the mechanism it is told to take', () =>
    talk(
      `${GREETING}
       C: a1 AUTHENTICATE LOGIN
       S: + VXNlcm5hbWU6
       C: cGF1bA==
       S: + UGFzc3dvcmQ6
       C: c2VjcmV0
       S: a1 OK done`,
      (client) => signIn(client, { ...paul, mechanisms: ['CRAM-MD5', 'LOGIN'] }),
    ))

  it('uses LOGIN where there is no mechanism, unless that is disabled', async () => {
    await talk(
      'S: * OK hello\nC: a1 CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: a1 OK x\nC: a2 LOGIN paul "secret"\nS: a2 OK x',
      (client) => signIn(client, paul),
    )
    await talk('S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hello', async (client) => {
      expect(await thrown(signIn(client, paul))).to.be.instanceOf(ImapRefused)
    })
  })

  it('tells a refusal with its code and text, and goes on', () =>
    talk(
      `${GREETING}
       C: a1 CREATE user.paul second
       S: a1 NO [ALREADYEXISTS] Mailbox already exists
       C: a2 CREATE "user.a b" (USE (\\Junk))
       S: a2 OK done
       C: a3 CREATE user.zo&AOk-
       S: a3 BAD what
       C: a4 RENAME user.a user.b third
       S: a4 OK done`,
      async (client) => {
        const refused = await thrown(createMailbox(client, 'user.paul', { partition: 'second' }))
        expect(refused).to.be.instanceOf(ImapRefused)
        expect(refused.message).to.equal('Mailbox already exists')
        expect((refused as ImapRefused).code?.name).to.equal('ALREADYEXISTS')
        await createMailbox(client, 'user.a b', { specialUse: '\\Junk' })
        expect(((await thrown(createMailbox(client, 'user.zoé'))) as ImapRefused).status).to.equal('BAD')
        await renameMailbox(client, { from: 'user.a', to: 'user.b', partition: 'third' })
      },
    ))

  it('lists, with the words that this server knows', async () => {
    await talk(
      `${GREETING}
       C: a1 LIST "" "user.%" RETURN (SUBSCRIBED CHILDREN)
       S: * LIST (\\HasChildren) "." user.paul
       S: * LIST (\\NonExistent) NIL "a b"
       S: a1 OK done`,
      async (client) => {
        expect(await listMailboxes(client, { pattern: 'user.%' })).to.deep.equal([
          { name: 'user.paul', attributes: ['\\HasChildren'], separator: '.' },
          { name: 'a b', attributes: ['\\NonExistent'], separator: undefined },
        ])
      },
    )
    await talk(
      'S: * OK [CAPABILITY IMAP4rev1] x\nC: a1 LSUB "" "*"\nS: * LSUB () "/" INBOX\nS: a1 OK x',
      async (client) => {
        const found = await listMailboxes(client, { pattern: '*', select: 'subscribed' })
        expect(found.map(({ name }) => name)).to.deep.equal(['INBOX'])
      },
    )
  })

  it('reads rights, quota, metadata and ID', () =>
    talk(
      `${GREETING}
       C: a1 GETACL user.paul
       S: * ACL user.paul paul lrs -dave xc
       S: a1 OK x
       C: a2 SETACL user.paul "group:a b" +l
       S: a2 OK x
       C: a3 GETQUOTA user.paul
       S: * QUOTA user.paul (STORAGE 3 1000 MESSAGE 1 10)
       S: a3 OK x
       C: a4 SETQUOTA user.paul ()
       S: a4 OK x
       C: a5 GETMETADATA "" ("/shared/*")
       S: * METADATA "" ("/shared/comment" {3}
       S: a
       S: "/shared/motd" NIL)
       S: a5 OK x
       C: a6 SETMETADATA user.paul ("/shared/comment" {3+}
       C: \xc3\xa4b)
       S: a6 OK x
       C: a7 ID NIL
       S: * ID ("name" "Angarium" "os" NIL)
       S: a7 OK x`,
      async (client) => {
        expect(await getAcl(client, 'user.paul')).to.deep.equal([
          { identifier: 'paul', rights: 'lrs' },
          { identifier: '-dave', rights: 'xc' },
        ])
        await setAcl(client, 'user.paul', { identifier: 'group:a b', rights: '+l' })
        expect((await getQuota(client, 'user.paul'))[0]?.resources[1]).to.deep.equal({
          resource: 'MESSAGE',
          usage: 1,
          limit: 10,
        })
        await setQuota(client, 'user.paul', [])
        const found = await getMetadata(client, '', ['/shared/*'])
        expect([...found]).to.deep.equal([
          ['/shared/comment', 'a\r\n'],
          ['/shared/motd', undefined],
        ])
        await setMetadata(client, 'user.paul', { entry: '/shared/comment', value: 'äb' })
        expect([...(await identify(client))]).to.deep.equal([
          ['name', 'Angarium'],
          ['os', undefined],
        ])
      },
    ))

  it('appends with a literal that waits where the server wants that, and fetches', () =>
    talk(
      `S: * OK [CAPABILITY IMAP4rev1] x
       C: a1 APPEND INBOX (\\Seen) {4}
       S: + go
       C: ab
       C:${' '}
       S: a1 OK [APPENDUID 9 7] x
       C: a2 APPEND INBOX () {4}
       S: a2 NO [OVERQUOTA] full
       C: a3 SELECT INBOX
       S: * 2 EXISTS
       S: * OK [UIDVALIDITY 9] x
       S: * OK [UIDNEXT 8] x
       S: a3 OK x
       C: a4 UID FETCH 7 (FLAGS BODY.PEEK[])
       S: * 2 FETCH (UID 7 BODY[] {4}
       S: ab
       S: FLAGS (\\Seen))
       S: a4 OK x`,
      async (client) => {
        const message = Buffer.from('ab\r\n')
        expect(await append(client, 'INBOX', { message, flags: ['\\Seen'] })).to.deep.equal({ uidValidity: 9, uid: 7 })
        expect((await thrown(append(client, 'INBOX', { message }))).message).to.equal('full')
        expect(await select(client, 'INBOX')).to.deep.equal({ exists: 2, uidValidity: 9, uidNext: 8 })
        const [fetched] = await uidFetch(client, '7', '(FLAGS BODY.PEEK[])')
        expect(bytesOf(fetched?.items.get('BODY[]'))).to.deep.equal(message)
      },
    ))

  it('hears in IDLE what happens', () =>
    talk(
      `${GREETING}
       C: a1 IDLE
       S: + idling
       S: * 5 EXISTS
       C: DONE
       S: a1 OK x`,
      async (client) => {
        const idling = await new Promise<{ stop(): Promise<unknown> }>((resolve) => {
          const begun = idle(client, () => begun.then(resolve))
        })
        await idling.stop()
      },
    ))

  it('says why the connection is gone', async () => {
    await talk(`${GREETING}\nC: a1 NOOP\nS: * BYE shutting down\nS:close`, async (client) => {
      const lost = await thrown(client.run(['NOOP']))
      expect(lost).to.be.instanceOf(ImapLost)
      expect(lost.message).to.equal('shutting down')
      expect((await thrown(client.run(['NOOP']))).message).to.equal('shutting down')
    })
    await talk(`${GREETING}\nC: a1 NOOP\nS: garbage\nS:close`, async (client) => {
      expect((await thrown(client.run(['NOOP']))).message).to.match(/what is not IMAP/)
    })
    const busy = await scripted('S: * BYE too many connections')
    const opening = openImap({ address: { host: '127.0.0.1', port: busy.port }, tls: 'off', timeout: 1000 })
    expect((await thrown(opening)).message).to.equal('too many connections')
    await busy.done()
    const nobody = openImap({ address: { host: '127.0.0.1', port: busy.port }, tls: 'off', timeout: 1000 })
    expect((await thrown(nobody)).message).to.equal(`cannot connect to 127.0.0.1:${busy.port}: connection refused`)
  })

  it('gives up on a server that does not answer', async () => {
    const silent = await scripted('C: never')
    const opening = openImap({ address: { host: '127.0.0.1', port: silent.port }, tls: 'off', timeout: 30 })
    expect(await thrown(opening)).to.be.instanceOf(ImapLost)
    await silent.done().catch(() => undefined)
  })
})
