// deliver against an LMTP server that answers by name: what it sends, what it says, how it ends.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { expect } from 'chai'
import { main, withLineEnds } from '../../src/admin/deliver.js'
import { Connection } from '../../src/net/connection.js'

/** Answers RCPT by what the address holds: `nobody`, `later`; after the data `full` is over quota. */
async function serve(connection: Connection, heard: string[]): Promise<void> {
  connection.write('220 x LMTP\r\n')
  let recipients: string[] = []
  for (;;) {
    const line = (await connection.readLine(1000))?.toString() ?? 'QUIT'
    heard.push(line)
    if (line.startsWith('LHLO')) connection.write('250-x\r\n250-SIZE 1000\r\n250 IGNOREQUOTA\r\n')
    else if (line.startsWith('RCPT') && line.includes('nobody'))
      connection.write('550-5.1.1 No\r\n550 5.1.1 such user\r\n')
    else if (line.startsWith('RCPT') && line.includes('later')) connection.write('451 4.3.0 later\r\n')
    else if (line === 'DATA') {
      connection.write('354 go\r\n')
      for (let data = ''; data !== '.'; heard.push(data)) data = (await connection.readLine(1000))?.toString() ?? '.'
      for (const each of recipients)
        connection.write(each.includes('full') ? '452 4.2.2 Over quota\r\n' : '250 2.1.5 Ok\r\n')
    } else if (line === 'QUIT') {
      connection.write('221 bye\r\n')
      return connection.close(10)
    } else {
      if (line.startsWith('RCPT')) recipients.push(line)
      if (line.startsWith('MAIL')) recipients = []
      connection.write('250 ok\r\n')
    }
  }
}

describe('admin/deliver', () => {
  let dir: string
  let server: Server
  let heard: string[]

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'deliver-'))
    heard = []
    server = createServer((socket) => void serve(new Connection(socket), heard))
    await new Promise<void>((resolve) => server.listen(join(dir, 'lmtp'), () => resolve()))
    const conf = {
      configdirectory: dir,
      'partition-default': dir,
      defaultpartition: 'default',
      lmtpsocket: `${dir}/lmtp`,
    }
    await writeFile(
      join(dir, 'conf'),
      Object.entries(conf)
        .map(([key, value]) => `${key}: ${value}\n`)
        .join(''),
    )
  })
  afterEach(async () => {
    server.close()
    await rm(dir, { recursive: true })
  })

  async function run(
    args: string[],
    message = 'Subject: hi\n\n.dot\r\nend',
  ): Promise<{ status: number; out: string; err: string }> {
    const [output, errors] = [new PassThrough(), new PassThrough()]
    const status = await main(['-C', join(dir, 'conf'), ...args], {
      input: Readable.from([Buffer.from(message)]),
      output,
      errors,
    })
    const text = (stream: PassThrough): string => ((stream.read() as Buffer | null) ?? '').toString()
    return { status, out: text(output), err: text(errors) }
  }

  it('hands the message over with CRLF and dots doubled', async () => {
    expect(await run(['-r', 'a@b', 'paul'])).to.deep.equal({ status: 0, out: '', err: '' })
    expect(heard).to.deep.equal([
      'LHLO deliver',
      'MAIL FROM:<a@b> AUTH=<>',
      'RCPT TO:<paul>',
      'DATA',
      'Subject: hi',
      '',
      '..dot',
      'end',
      '.',
      'QUIT',
    ])
  })

  const envelopes: [string[], string][] = [
    [['-m', 'Sent', 'paul'], 'RCPT TO:<paul+Sent>'],
    [['-m', 'Sent', 'paul@example.org'], 'RCPT TO:<paul+Sent@example.org>'],
    [['-m', 'shared.box'], 'RCPT TO:<+shared.box>'],
    [['-q', 'paul'], 'RCPT TO:<paul> IGNOREQUOTA'],
    [['a b'], 'RCPT TO:<"a b">'],
    [['-a', 'anne=x', '-f', '', 'paul'], 'MAIL FROM:<> AUTH=anne+3Dx'],
    [['-r', '<x@y>', '-d', 'paul'], 'MAIL FROM:<x@y> AUTH=<>'],
  ]
  for (const [args, line] of envelopes)
    it(args.join(' '), async () => {
      expect((await run(args)).status).to.equal(0)
      expect(heard).to.include(line)
    })

  const endings: [string[], number, string][] = [
    [['nobody'], 65, 'nobody: Mailbox does not exist\n'],
    [['later'], 75, 'later: 451 4.3.0 later\n'],
    [['paul', 'nobody'], 65, 'nobody: Mailbox does not exist\n'],
    [['nobody', 'full', 'paul'], 75, 'nobody: Mailbox does not exist\nfull: 452 4.2.2 Over quota\n'],
  ]
  for (const [users, status, out] of endings)
    it(`ends with ${status} for ${users.join(', ')}`, async () => {
      expect(await run(users)).to.deep.equal({ status, out, err: '' })
    })

  it('says how it is used, and when there is no server', async () => {
    expect((await run([])).status).to.equal(64)
    expect((await run(['-z', 'paul'])).status).to.equal(64)
    await new Promise((resolve) => server.close(resolve))
    const { status, err } = await run(['paul'])
    expect(status).to.equal(75)
    expect(err).to.match(/^deliver: cannot connect to .*\n$/)
  })

  it('joins standard input and output to the server', async () => {
    const output = new PassThrough()
    const input = Readable.from([Buffer.from('LHLO me\r\nQUIT\r\n')])
    expect(await main(['-C', join(dir, 'conf'), '-l'], { input, output, errors: new PassThrough() })).to.equal(0)
    expect(String(output.read())).to.equal('220 x LMTP\r\n250-x\r\n250-SIZE 1000\r\n250 IGNOREQUOTA\r\n221 bye\r\n')
  })

  it('makes line ends whole in slices of any size', async () => {
    const text = 'a\nb\r\n\n\r\n\rc\n'
    for (const size of [1, 2, 3, 100]) {
      const slices = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        Buffer.from(text.slice(at * size, at * size + size)),
      )
      const pieces: Buffer[] = []
      for await (const piece of withLineEnds(Readable.from(slices))) pieces.push(piece)
      expect(Buffer.concat(pieces).toString()).to.equal('a\r\nb\r\n\r\n\r\n\rc\r\n')
    }
  })
})
