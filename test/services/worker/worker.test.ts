/** What every service shares, tried with a toy protocol: TLS, signing in, accounting, limits, traces, the end. */

import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { clientMechanisms } from '../../../src/auth/mechanisms.js'
import { plainChannel } from '../../../src/auth/sasl.js'
import { logTo } from '../../../src/log/log.js'
import type { Connection } from '../../../src/net/connection.js'
import { ConnectionError } from '../../../src/net/errors.js'
import { selfSigned } from '../../../src/net/self-signed.js'
import { readSessionList } from '../../../src/net/session-list.js'
import type { ClientSession } from '../../../src/services/worker/client-session.js'
import { cpuShare } from '../../../src/services/worker/cpu-share.js'
import { failures } from '../../../src/services/worker/failures.js'
import { readBase64 } from '../../../src/services/worker/sasl-dialogue.js'
import { currentTls } from '../../../src/services/worker/tls-options.js'
import { type TestServer, testServer } from './test-server.js'

/** LOGIN user password, AUTH mechanism [initial], TLS, SAY n octets, CRASH, QUIT; a line back for each. */
async function toy(session: ClientSession): Promise<void> {
  const { connection } = session
  connection.write(`hello ${session.mechanisms.join(' ')}\r\n`)
  try {
    for (;;) {
      const line = await connection.readLine(50_000)
      if (line === undefined) return
      const [verb = '', ...words] = line.toString().split(' ')
      if (verb === 'QUIT') return
      if (verb === 'CRASH') throw new Error('toy')
      connection.write(`${await obey(session, { verb, words })}\r\n`)
      if (verb === 'TLS') await session.startTls()
    }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    connection.write(`bye ${error.kind}\r\n`)
  }
}

async function obey(session: ClientSession, { verb, words }: { verb: string; words: string[] }): Promise<string> {
  const [first = '', second] = words
  if (verb === 'LOGIN') return show(await session.password({ user: first, password: second ?? '' }))
  if (verb === 'SAY') return 'x'.repeat(Number(first))
  if (verb !== 'AUTH') return 'ok'
  const wire = {
    challenge: (text: string) => session.connection.write(`+ ${text}\r\n`),
    response: async () => (await session.connection.readLine(50_000))?.toString(),
    dataWithSuccess: false,
  }
  return show(await session.authenticate({ mechanism: first, initial: second, wire }))
}

function show(outcome: Awaited<ReturnType<ClientSession['password']>>): string {
  if (outcome.kind === 'signedIn') return `in ${outcome.identity.user}${outcome.identity.admin ? ' admin' : ''}`
  return outcome.kind === 'refused' ? `no ${outcome.text}` : outcome.kind
}

async function line(client: Connection): Promise<string> {
  return (await client.readLine(100_000))?.toString() ?? 'END'
}

async function ask(client: Connection, text: string): Promise<string> {
  client.write(`${text}\r\n`)
  return line(client)
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('services worker', () => {
  let server: TestServer
  const start = (conf: string): void => {
    server = testServer({ protocol: 'toy', serve: toy, conf })
  }
  afterEach(() => server.close())

  it('signs in with a password, and logs it as Cyrus does', async () => {
    start('allowplaintext: yes\nadmins: root')
    await server.addUser('paul', 'pencil', 'verifier')
    await server.addUser('root', 'pencil')
    const client = server.connect()
    expect(await line(client)).to.equal('hello PLAIN LOGIN')
    expect(await ask(client, 'LOGIN paul wrong')).to.equal('no authentication failure')
    expect(await ask(client, 'LOGIN nobody pencil')).to.equal('no authentication failure')
    expect(await ask(client, 'LOGIN Paul pencil')).to.equal('in paul')
    expect(await ask(client, 'LOGIN root pencil')).to.equal('in root admin')
    expect(await ask(client, `AUTH PLAIN ${base64('paul\0root\0pencil')}`)).to.equal('in paul')
    expect(await ask(client, `AUTH PLAIN ${base64('root\0paul\0pencil')}`)).to.equal('no authentication failure')
    const texts = server.texts()
    expect(texts.find((text) => text.startsWith('login:'))).to.match(
      /^login: \[memory\] paul plaintext User logged in SESSIONID=<toy-\d+-\d+-1-\d+>$/,
    )
    expect(texts.find((text) => text.startsWith('badlogin:'))).to.equal(
      'badlogin: [memory] plaintext paul [SASL(-13): authentication failure: wrong password or unknown user]',
    )
    expect(texts).to.include('accepted connection')
    expect(texts.join('\n')).not.to.include('pencil')
    client.write('QUIT\r\n')
    expect(await line(client)).to.equal('END')
    client.destroy()
    while (server.worker.size > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    expect(server.texts().at(-1)).to.match(/^USAGE paul user: \d+\.\d{6} sys: \d+\.\d{6}$/)
  })

  it('offers passwords only under TLS, and forgets what came before the handshake', async () => {
    start('')
    await server.addUser('paul', 'pencil')
    const client = server.connect()
    expect(await line(client)).to.equal('hello ')
    expect(await ask(client, 'LOGIN paul pencil')).to.equal('noMechanism')
    expect(await ask(client, `AUTH PLAIN ${base64('\0paul\0pencil')}`)).to.equal('noMechanism')
    expect(await ask(client, 'TLS\r\nLOGIN injected x')).to.equal('ok')
    await server.tls(client)
    expect(await ask(client, `AUTH PLAIN ${base64('\0paul\0pencil')}`)).to.equal('in paul')
    const texts = server.texts()
    expect(texts.some((text) => text.includes('injected'))).to.equal(false)
    expect(texts.some((text) => /^starttls: TLSv1.3 with cipher \S+ \(256\/256 bits new\)/.test(text))).to.equal(true)
    expect(texts.some((text) => text.includes('paul PLAIN+TLS User logged in'))).to.equal(true)
  })

  it('begins with TLS for an entry with -s, and survives who does not', async () => {
    start('')
    const rude = server.connect(['-s'])
    rude.write(`${'GET / HTTP/1.0\r\n'.repeat(20)}`)
    await rude.read().catch(() => undefined)
    const client = server.connect(['-s'])
    await server.tls(client)
    expect(await line(client)).to.equal('hello PLAIN LOGIN')
    expect(server.texts().some((text) => text.startsWith('STARTTLS negotiation failed: [memory]'))).to.equal(true)
  })

  for (const mechanism of clientMechanisms.filter(({ name }) => /EXTERNAL|PLUS/.test(name)))
    it(`carries ${mechanism.name} under TLS`, async () => {
      const own = selfSigned(['paul'])
      const authority = join(tmpdir(), `angarium-ca-${process.pid}.pem`)
      writeFileSync(authority, own.cert)
      start(`sasl_mech_list: EXTERNAL SCRAM-SHA-1 SCRAM-SHA-256\ntls_client_ca_file: ${authority}`)
      rmSync(authority)
      await server.addUser('paul', 'pencil')
      const client = server.connect(['-s'])
      const session = await server.tls(client, own)
      expect(await line(client)).to.equal(
        'hello EXTERNAL SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1',
      )
      const channel = { ...plainChannel('toy', 'mail.example.com'), tls: true, channelBinding: session.channelBinding }
      const exchange = mechanism.start({ user: 'paul', password: 'pencil', channel, random: randomBytes })
      const first = (await exchange.step(undefined))?.toString('base64')
      let answer = await ask(client, `AUTH ${mechanism.name} ${first || '='}`)
      while (answer.startsWith('+ '))
        answer = await ask(
          client,
          (await exchange.step(Buffer.from(answer.slice(2), 'base64')))?.toString('base64') ?? '*',
        )
      expect(answer).to.equal('in paul')
    })

  for (const mechanism of clientMechanisms.filter(({ name }) => !/EXTERNAL|PLUS/.test(name)))
    it(`carries ${mechanism.name}`, async () => {
      start(
        'allowplaintext: yes\nallowanonymouslogin: yes\n' +
          'sasl_mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 ANONYMOUS',
      )
      await server.addUser('paul', 'pencil')
      const client = server.connect()
      await line(client)
      const channel = plainChannel('toy', 'mail.example.com')
      const exchange = mechanism.start({ user: 'paul', password: 'pencil', channel, random: randomBytes })
      let answer = await ask(client, `AUTH ${mechanism.name}`)
      if (mechanism.clientFirst && answer === '+ ')
        answer = await ask(client, String((await exchange.step(undefined))?.toString('base64')))
      while (answer.startsWith('+ '))
        answer = await ask(
          client,
          (await exchange.step(Buffer.from(answer.slice(2), 'base64')))?.toString('base64') ?? '*',
        )
      expect(answer).to.equal(mechanism.name === 'ANONYMOUS' ? 'in anonymous' : 'in paul')
    })

  it('can be broken off, and takes no base64 but base64', async () => {
    start('allowplaintext: yes')
    const client = server.connect()
    await line(client)
    expect(await ask(client, 'AUTH PLAIN')).to.equal('+ ')
    expect(await ask(client, '*')).to.equal('cancelled')
    for (const garbage of ['AUTH PLAIN !!!!', 'AUTH PLAIN YQ', 'AUTH PLAIN YR==', `AUTH PLAIN ${'A'.repeat(20_000)}`])
      expect(await ask(client, garbage)).to.equal('malformed')
    const other = server.connect()
    await line(other)
    expect(await ask(other, 'AUTH NOSUCH')).to.equal('noMechanism')
    expect(readBase64('====')).to.equal(undefined)
    expect(readBase64('')?.length).to.equal(0)
  })

  it('remembers a verified password, until it is changed', async () => {
    start('allowplaintext: yes')
    await server.addUser('paul', 'pencil', 'verifier')
    const client = server.connect()
    await line(client)
    expect(await ask(client, 'LOGIN paul pencil')).to.equal('in paul')
    const begin = performance.now()
    for (let i = 0; i < 20; i++) await ask(client, 'LOGIN paul pencil')
    expect(performance.now() - begin).to.be.lessThan(400)
    await server.addUser('paul', 'pen', 'verifier')
    expect(await ask(client, 'LOGIN paul pencil')).to.equal('no authentication failure')
    expect(await ask(client, 'LOGIN paul pen')).to.equal('in paul')
  })

  it('limits the sessions of a user and of an address', async () => {
    start('allowplaintext: yes\nmaxlogins_per_user: 2\nmaxlogins_per_host: 3')
    for (const user of ['paul', 'anne']) await server.addUser(user, 'pencil')
    const login = async (user: string): Promise<string> => {
      const client = server.connect()
      await line(client)
      return ask(client, `LOGIN ${user} pencil`)
    }
    expect(await login('paul')).to.equal('in paul')
    expect(await login('paul')).to.equal('in paul')
    expect(await login('paul')).to.match(/^no Too many open connections for this user \(2 are allowed\)/)
    expect(await login('anne')).to.equal('in anne')
    expect(await login('anne')).to.match(/^no Too many open connections from this address/)
  })

  it('denies who is on the deny list', async () => {
    start('allowplaintext: yes')
    await server.addUser('paul', 'pencil')
    writeFileSync(join(server.directory, 'user_deny.db'), 'paul\t2\ttoy\tGo and pay your bill\n')
    const client = server.connect()
    await line(client)
    expect(await ask(client, 'LOGIN paul pencil')).to.equal('no Go and pay your bill')
  })

  it('traces a user whose log directory exists, without passwords and bodies', async () => {
    start('allowplaintext: yes')
    await server.addUser('paul', 'pencil')
    mkdirSync(join(server.directory, 'log', 'paul'))
    const client = server.connect()
    await line(client)
    await ask(client, 'LOGIN paul pencil')
    expect((await ask(client, 'SAY 5000')).length).to.equal(5000)
    client.write('QUIT\r\n')
    await line(client)
    const directory = join(server.directory, 'log', 'paul')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const [name = ''] = readdirSync(directory)
    const trace = readFileSync(join(directory, name), 'utf8')
    expect(trace).to.match(/^-{10} paul /)
    expect(trace).to.match(/<\d+<SAY 5000\r\n/)
    expect(trace).to.match(/>\d+>\[5002 octets\]/)
    expect(trace).not.to.include('pencil')
  })

  it('lists sessions in proc/', async () => {
    start('allowplaintext: yes')
    await server.addUser('paul', 'pencil')
    const client = server.connect()
    await line(client)
    await ask(client, 'LOGIN paul pencil')
    let listed = readSessionList(server.options.proc_path)
    for (let tries = 0; listed[0]?.session.user !== 'paul' && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      listed = readSessionList(server.options.proc_path)
    }
    expect(listed.map(({ pid, session }) => [pid, session.service, session.client, session.user])).to.deep.equal([
      [process.pid, 'toy', '[memory]', 'paul'],
    ])
  })

  it('says good-bye when it stops, and outlives a bug in one session', async () => {
    start('')
    const [first, second] = [server.connect(), server.connect()]
    await line(first)
    await line(second)
    expect(await ask(first, 'CRASH')).to.equal('END')
    expect(server.texts().some((text) => text.startsWith('ERROR: session toy-'))).to.equal(true)
    expect(await ask(second, 'PING')).to.equal('ok')
    server.worker.stop()
    expect(await line(second)).to.equal('bye stopping')
    expect(await line(second)).to.equal('END')
  })

  it('runs without TLS when the certificate cannot be read, and says so', async () => {
    start('tls_client_ca_file: /nonexistent')
    const client = server.connect(['-s'])
    expect(await line(client).catch(() => 'END')).to.equal('END')
    expect(server.texts().some((text) => text.includes('STARTTLS negotiation failed'))).to.equal(true)
    expect(
      server.texts().some((text) => text.includes('TLS is off: tls_client_ca_file /nonexistent cannot be read')),
    ).to.equal(true)
  })

  it('takes up a renewed certificate, and keeps the old one when the new one is broken', () => {
    start('')
    let now = 0
    const tls = currentTls(
      server.options,
      logTo((entry) => server.log.push(entry), { ident: 'toy' }),
      () => now,
    )
    const first = tls()?.certificate.fingerprint256
    expect(first).to.be.a('string')
    const renewed = selfSigned(['localhost'])
    writeFileSync(join(server.directory, 'cert.pem'), renewed.cert)
    expect(tls()?.certificate.fingerprint256).to.equal(first)
    now += 11_000
    expect(tls()?.certificate.fingerprint256).to.equal(first)
    expect(server.texts().some((text) => text.includes('the old certificate stays: tls_server_key'))).to.equal(true)
    writeFileSync(join(server.directory, 'key.pem'), renewed.key)
    now += 11_000
    expect(tls()?.certificate.fingerprint256).not.to.equal(first)
  })

  it('shares CPU time among the sessions that were open', () => {
    start('')
    let now = 0
    const share = cpuShare(() => ({ user: now, system: now / 10 }))
    const first = share.begin()
    now += 1_000_000
    const second = share.begin()
    now += 1_000_000
    expect(second().user).to.equal(0.5)
    now += 500_000
    expect(first()).to.deep.equal({ user: 2, system: 0.2 })
  })

  it('answers failures ever later, per address and per user, and forgives', () => {
    start('')
    let now = 0
    const count = failures(1000, () => now)
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(() => count.count('a', undefined))).to.deep.equal([
      1000, 1000, 1000, 2000, 4000, 8000, 16000, 16000,
    ])
    expect(count.count('b', 'paul')).to.equal(1000)
    count.forgive('a', 'paul')
    expect(count.count('a', 'paul')).to.equal(1000)
    now += 3_600_000
    expect(count.count('a', 'paul')).to.equal(1000)
  })
})
