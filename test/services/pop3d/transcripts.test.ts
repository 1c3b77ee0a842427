/** Conversations with pop3d: `C:` is sent, `S:` is expected (… stands for anything), numbers before them are connections. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Connection } from '../../../src/net/connection.js'
import { type Pop3TestServer, pop3TestServer } from './pop3-server.js'

const folder = new URL('../../../../test/services/pop3d/', import.meta.url)

describe('pop3d', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
    const lines = readFileSync(new URL(file, folder), 'utf8').split('\n')
    it(`speaks as in ${file}`, () => play(lines, 'lines'))
    it(`speaks as in ${file}, octet by octet`, () => play(lines, 'octets'))
  }
})

const unescaped = (text: string): string =>
  text.replace(/\\([rnt0]|x[0-9a-f]{2})/g, (_, code: string) =>
    code.startsWith('x')
      ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
      : ({ r: '\r', n: '\n', t: '\t', 0: '\0' }[code] ?? ''),
  )

const pattern = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/…/g, '.*')}$`, 's')

/** `option: LINE`, `user: NAME PASSWORD`, `message: MAILBOX TEXT` come first, in any order. */
async function setUp(lines: readonly string[]): Promise<Pop3TestServer> {
  const values = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2))
  const server = await pop3TestServer(values('option').join('\n'))
  for (const line of values('user')) {
    const [user = '', ...password] = line.split(' ')
    await server.addUser(user, password.join(' '))
  }
  for (const line of values('message')) {
    const space = line.indexOf(' ')
    await server.append(line.slice(0, space), unescaped(line.slice(space + 1)))
  }
  return server
}

async function play(lines: readonly string[], how: 'lines' | 'octets'): Promise<void> {
  const server = await setUp(lines)
  const clients = new Map<string, Connection>()
  const clientOf = (number: string): Connection => {
    const client = clients.get(number) ?? server.connect()
    clients.set(number, client)
    return client
  }
  try {
    for (const line of lines) {
      const [, number = '1', side, text = ''] = /^(?:(\d) )?(TLS|CLOSE|[CS]):? ?(.*)$/.exec(line) ?? []
      const client = side ? clientOf(number) : undefined
      if (side === 'C') send(client, { bytes: Buffer.from(`${unescaped(text)}\r\n`, 'latin1'), how })
      else if (side === 'S') {
        const said = (await client?.readLine(100_000))?.toString('latin1') ?? 'END'
        expect(said, line).to.match(pattern(unescaped(text)))
      } else if (side === 'TLS' && client) await server.tls(client)
      else if (side === 'CLOSE') {
        client?.destroy()
        clients.delete(number)
        while (server.worker.size > clients.size) await new Promise((resolve) => setTimeout(resolve, 2))
      }
    }
  } finally {
    for (const client of clients.values()) client.destroy()
    await server.close()
  }
}

function send(client: Connection | undefined, { bytes, how }: { bytes: Buffer; how: 'lines' | 'octets' }): void {
  if (how === 'lines') client?.write(bytes)
  else
    for (const octet of bytes) {
      client?.write(Buffer.from([octet]))
      client?.flush()
    }
}
