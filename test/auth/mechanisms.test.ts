/** Every mechanism: the RFCs' own examples, client against server, and exchanges of garbage. */
import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { cramMd5Client, cramMd5Digest } from '../../src/auth/mechanisms/cram-md5.js'
import { digestMd5Client } from '../../src/auth/mechanisms/digest-md5-client.js'
import { readDirectives } from '../../src/auth/mechanisms/digest-md5-directives.js'
import { digestResponse, digestSecret } from '../../src/auth/mechanisms/digest-md5-response.js'
import {
  chooseClientMechanism,
  clientMechanisms,
  findServerMechanism,
  serverMechanisms,
} from '../../src/auth/mechanisms.js'
import {
  type Channel,
  type ClientCredentials,
  type ClientMechanism,
  plainChannel,
  SaslError,
  type ServerContext,
  type ServerMechanism,
  type Step,
} from '../../src/auth/sasl.js'
import { scramSecret } from '../../src/auth/scram-keys.js'

const users: Record<string, string> = {
  paul: 'pencil',
  user: 'pencil',
  'p,a=ul': 'comma',
  chris: 'secret',
  münch: 'straße',
}

const tlsChannel: Channel = {
  ...plainChannel('imap', 'mail.example.com'),
  tls: true,
  clientName: 'paul',
  channelBinding: (type) => createHash('sha256').update(type).digest(),
}

const salt = Buffer.from('QSXCR+Q6sek8bf92', 'base64')

function context(overrides: Partial<ServerContext> = {}): ServerContext {
  return {
    channel: tlsChannel,
    realm: 'mail.example.com',
    offered: serverMechanisms.map(({ name }) => name),
    random: randomBytes,
    pseudonym: (name) => createHash('sha256').update(name).digest(),
    checkPassword: async (user, password) =>
      users[user] === password ? { kind: 'good', version: '' } : { kind: 'wrong' },
    secrets: {
      plain: async (user) => users[user],
      scram: async (user, hash) => {
        const password = users[user]
        return password === undefined ? undefined : scramSecret(hash, { password, salt, iterations: 4096 })
      },
      digestMd5: async (name, { user, realm }) => {
        const password = users[name]
        return password === undefined ? undefined : digestSecret(user, realm, password)
      },
    },
    ...overrides,
  }
}

function credentials(overrides: Partial<ClientCredentials> = {}): ClientCredentials {
  return { user: 'paul', password: 'pencil', channel: tlsChannel, random: randomBytes, ...overrides }
}

/** Both sides talk until the server has decided and, if it proved anything, the client has checked. */
async function talk(
  client: ClientMechanism,
  { server, as, on }: { server: ServerMechanism; as: ClientCredentials; on: ServerContext },
): Promise<Step> {
  const [left, right] = [client.start(as), server.start(on)]
  let step = await right.step(client.clientFirst ? await left.step(undefined) : undefined)
  for (let turn = 0; step.kind === 'challenge' && turn < 5; turn++) step = await right.step(await left.step(step.data))
  if (step.kind === 'proven' && step.data) await left.step(step.data)
  return step
}

function server(name: string): ServerMechanism {
  const found = findServerMechanism(name)
  if (!found) throw new Error(name)
  return found
}

describe('SASL mechanisms', () => {
  for (const client of clientMechanisms) {
    describe(client.name, () => {
      const about = { server: server(client.name), on: context() }

      it('signs in', async () => {
        const step = await talk(client, { ...about, as: credentials() })
        expect(step.kind).to.equal('proven')
        expect(step).to.have.property('user', client.name === 'ANONYMOUS' ? 'anonymous' : 'paul')
      })

      if (/SCRAM|DIGEST|PLAIN|EXTERNAL/.test(client.name))
        it('carries an authorization identity', async () => {
          const step = await talk(client, { ...about, as: credentials({ actAs: 'an,n=e' }) })
          expect(step).to.include({ kind: 'proven', actAs: 'an,n=e' })
        })

      if (/SCRAM|DIGEST|PLAIN|LOGIN|CRAM/.test(client.name)) {
        it('refuses a wrong password and an unknown user alike', async () => {
          const wrong = await talk(client, { ...about, as: credentials({ password: 'pen' }) })
          const unknown = await talk(client, { ...about, as: credentials({ user: 'nobody' }) })
          expect(wrong).to.include({ kind: 'failed', why: 'wrong password or unknown user', user: 'paul' })
          expect(unknown).to.include({ kind: 'failed', why: 'wrong password or unknown user', user: 'nobody' })
        })

        it('takes names and passwords beyond ASCII, and awkward ones', async () => {
          for (const user of ['münch', 'p,a=ul']) {
            const as = credentials({ user, password: users[user] ?? '' })
            expect(await talk(client, { ...about, as })).to.include({ kind: 'proven', user })
          }
        })
      }

      it('survives garbage at every turn', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }), async (messages) => {
            const exchange = about.server.start(context({ channel: plainChannel('imap', 'host') }))
            for (const message of messages) {
              const step = await exchange.step(Buffer.from(message))
              if (step.kind === 'failed') break
            }
          }),
          { numRuns: 60 },
        )
      })

      it('survives right messages that were damaged', async () => {
        const honest = client.start(credentials())
        const exchange = about.server.start(about.on)
        const opening = client.clientFirst ? await honest.step(undefined) : undefined
        const challenge = await exchange.step(opening)
        if (challenge.kind !== 'challenge') return
        const answer = (await honest.step(challenge.data)) ?? Buffer.alloc(0)
        for (const at of [0, 1, answer.length >> 1, answer.length - 1]) {
          const damaged = Buffer.from(answer)
          if (at < damaged.length && at >= 0) damaged[at] = (damaged[at] ?? 0) ^ 0x15
          const fresh = about.server.start(about.on)
          await fresh.step(opening)
          const step = await fresh.step(damaged)
          if (damaged.length > 0 && client.name !== 'LOGIN') expect(step.kind).to.equal('failed')
        }
      })
    })
  }

  it('PLAIN wants all three parts', async () => {
    for (const text of ['', 'paul', 'paul\0pencil', '\0paul\0', '\0\0pencil', '\0paul\0pencil\0', 'a\0paul\0pencil\0b'])
      expect((await server('PLAIN').start(context()).step(Buffer.from(text))).kind, JSON.stringify(text)).to.equal(
        'failed',
      )
    expect((await server('PLAIN').start(context()).step(Buffer.from('\0\xff\0x', 'latin1'))).kind).to.equal('failed')
  })

  it('CRAM-MD5: the example of RFC 2195 §2', () => {
    const challenge = '<1896.697170952@postoffice.reston.mci.net>'
    expect(cramMd5Digest('tanstaaftanstaaf', challenge)).to.equal('b913a602c7eda7a495b4e6e7334d3890')
    const client = cramMd5Client.start(credentials({ user: 'tim', password: 'tanstaaftanstaaf' }))
    expect(String(client.step(Buffer.from(challenge)))).to.equal('tim b913a602c7eda7a495b4e6e7334d3890')
  })

  const digestExample = {
    secret: digestSecret('chris', 'elwood.innosoft.com', 'secret'),
    nonce: 'OA6MG9tEQGm2hh',
    cnonce: 'OA6MHXh6VqTrRk',
    nc: '00000001',
    uri: 'imap/elwood.innosoft.com',
    authzid: undefined,
  }

  it('DIGEST-MD5: the example of RFC 2831 §4', () => {
    expect(digestResponse('AUTHENTICATE', digestExample)).to.equal('d388dad90d4bbd760a152321f2143af7')
    expect(digestResponse('', digestExample)).to.equal('ea40f60335c427b5527b84dbabcdfffd')
  })

  it('DIGEST-MD5: the corrected client gives the example response and checks the server', async () => {
    const client = digestMd5Client.start(
      credentials({ user: 'chris', password: 'secret', channel: plainChannel('imap', 'elwood.innosoft.com') }),
    )
    const challenge = 'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8'
    const text = String(await client.step(Buffer.from(challenge)))
    const directives = readDirectives(text)
    const one = (name: string): string => directives?.get(name)?.[0] ?? ''
    const input = { ...digestExample, cnonce: one('cnonce') }
    expect(one('response')).to.equal(digestResponse('AUTHENTICATE', input))
    expect(one('digest-uri')).to.equal('imap/elwood.innosoft.com')
    expect(() => client.step(Buffer.from('rspauth=00000000000000000000000000000000'))).to.throw(SaslError)
    expect(String(client.step(Buffer.from(`rspauth=${digestResponse('', input)}`)))).to.equal('')
  })

  it('DIGEST-MD5: reads quoted strings, several realms, stray commas, and nothing malformed', () => {
    const read = readDirectives('realm="a",realm="b \\"c\\", d" ,, qop="auth,auth-int",nonce=x')
    expect(read?.get('realm')).to.deep.equal(['a', 'b "c", d'])
    expect(read?.get('qop')).to.deep.equal(['auth,auth-int'])
    for (const text of ['realm', 'realm="a', '="x"', 'a="b"c="d"']) expect(readDirectives(text)).to.equal(undefined)
  })

  it('DIGEST-MD5: a password proves only the name it belongs to, whatever realm the client writes', async () => {
    const asked: string[] = []
    const on = context()
    const secrets = {
      ...on.secrets,
      digestMd5: async (name: string, hashed: { user: string; realm: string }) => {
        asked.push(name)
        return on.secrets.digestMd5(name, hashed)
      },
    }
    const about = { server: server('DIGEST-MD5'), on: { ...on, secrets } }
    expect((await talk(digestMd5Client, { ...about, as: credentials({ realm: 'victim.org' }) })).kind).to.equal(
      'failed',
    )
    expect(await talk(digestMd5Client, { ...about, as: credentials() })).to.include({ kind: 'proven', user: 'paul' })
    expect(asked).to.deep.equal(['paul@victim.org', 'paul'])
  })

  it('DIGEST-MD5: refuses another nonce, count, service or quality, and repeated directives', async () => {
    const changes: [RegExp, string][] = [
      [/nonce="[^"]*"/, 'nonce="other"'],
      [/nc=00000001/, 'nc=00000002'],
      [/digest-uri="imap/, 'digest-uri="pop'],
      [/qop=auth/, 'qop=auth-conf'],
      [/$/, ',username="anne"'],
    ]
    for (const [from, to] of changes) {
      const exchange = server('DIGEST-MD5').start(context())
      const challenge = await exchange.step(undefined)
      if (challenge.kind !== 'challenge') throw new Error('no challenge')
      const answer = String(await digestMd5Client.start(credentials()).step(challenge.data))
      expect((await exchange.step(Buffer.from(answer.replace(from, to)))).kind, to).to.equal('failed')
    }
  })

  it('SCRAM-SHA-1: the example of RFC 5802 §5', async () => {
    const nonce = 'fyko+d2lbbFgONRv9qkxdawL'
    const exchange = server('SCRAM-SHA-1').start(
      context({ random: (size) => (size === 18 ? Buffer.from('3rfcNHYJY1ZVvWVs7j', 'latin1') : randomBytes(size)) }),
    )
    const first = await exchange.step(Buffer.from(`n,,n=user,r=${nonce}`))
    const serverNonce = nonce + Buffer.from('3rfcNHYJY1ZVvWVs7j', 'latin1').toString('base64')
    expect(first).to.deep.equal({
      kind: 'challenge',
      data: Buffer.from(`r=${serverNonce},s=QSXCR+Q6sek8bf92,i=4096`),
    })
    const secret = await scramSecret('sha1', { password: 'pencil', salt, iterations: 4096 })
    expect(secret.storedKey.toString('hex')).to.equal('e9d94660c39d65c38fbad91c358f14da0eef2bd6')
    expect(secret.serverKey.toString('hex')).to.equal('0fe09258b3ac852ba502cc62ba903eaacdbf7d31')
  })

  it('SCRAM-SHA-256: the keys of the example of RFC 7677 §3', async () => {
    const { hmac, keysOf, saltedPassword, xor } = await import('../../src/auth/scram-keys.js')
    const salted = await saltedPassword('sha256', {
      password: 'pencil',
      salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
      iterations: 4096,
    })
    const keys = keysOf('sha256', salted)
    const authMessage =
      'n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,' +
      's=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
    const proof = xor(keys.clientKey, hmac('sha256', keys.storedKey, authMessage))
    expect(proof.toString('base64')).to.equal('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=')
    expect(hmac('sha256', keys.serverKey, authMessage).toString('base64')).to.equal(
      '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    )
  })

  it('SCRAM notices that somebody took the -PLUS form out of the list', async () => {
    const step = await server('SCRAM-SHA-256').start(context()).step(Buffer.from('y,,n=paul,r=abc'))
    expect(step).to.include({ kind: 'failed', why: 'channel binding was suppressed' })
    const honest = context({ offered: ['SCRAM-SHA-256'] })
    expect((await server('SCRAM-SHA-256').start(honest).step(Buffer.from('y,,n=paul,r=abc'))).kind).to.equal(
      'challenge',
    )
  })

  it("SCRAM refuses another connection's channel binding", async () => {
    const client = clientMechanisms.find(({ name }) => name === 'SCRAM-SHA-256-PLUS')
    if (!client) throw new Error('missing')
    const elsewhere: Channel = { ...tlsChannel, channelBinding: () => randomBytes(32) }
    const about = { server: server(client.name), on: context(), as: credentials({ channel: elsewhere }) }
    expect(await talk(client, about)).to.include({ kind: 'failed', why: 'wrong channel binding' })
  })

  it('SCRAM gives an unknown user the same salt each time', async () => {
    const salts = new Set<string>()
    for (let i = 0; i < 3; i++) {
      const step = await server('SCRAM-SHA-256').start(context()).step(Buffer.from('n,,n=nobody,r=abc'))
      if (step.kind === 'challenge') salts.add(/s=([^,]+)/.exec(String(step.data))?.[1] ?? '')
    }
    expect(salts.size).to.equal(1)
  })

  it('a client notices a server that does not know the password', async () => {
    for (const name of ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'DIGEST-MD5']) {
      const client = clientMechanisms.find((each) => each.name === name)?.start(credentials())
      const exchange = server(name).start(context())
      let step = await exchange.step(name === 'DIGEST-MD5' ? undefined : await client?.step(undefined))
      while (step.kind === 'challenge') step = await exchange.step(await client?.step(step.data))
      const lie = Buffer.from(name === 'DIGEST-MD5' ? `rspauth=${'0'.repeat(32)}` : 'v=AAAA')
      const outcome = await Promise.resolve()
        .then(() => client?.step(lie))
        .catch((error: unknown) => error)
      expect(outcome).to.be.instanceOf(SaslError)
    }
  })

  it('chooses the strongest that both sides have', () => {
    const choose = (offered: string[], tls: boolean, wanted?: string): string | undefined =>
      chooseClientMechanism(offered, { tls, binding: tls, wanted })?.name
    expect(choose(['plain', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'], true)).to.equal('SCRAM-SHA-256-PLUS')
    expect(choose(['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'], false)).to.equal('SCRAM-SHA-256')
    expect(choose(['PLAIN', 'EXTERNAL'], false)).to.equal(undefined)
    expect(choose(['PLAIN'], false, 'plain')).to.equal('PLAIN')
    expect(choose(['PLAIN'], true, 'LOGIN')).to.equal(undefined)
  })
})
