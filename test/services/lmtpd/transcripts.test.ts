// Conversations with lmtpd: `C:` is sent (\r \n \t \0 \xHH understood), `S:` is expected (… stands for anything), `#` is a comment.
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { LmtpOptions } from '../../../src/services/lmtpd/session-context.js'
import { type TestServer, testServer } from './lmtp-server.js'

const folder = new URL('../../../../test/services/lmtpd/', import.meta.url)

describe('lmtpd', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
    const lines = readFileSync(new URL(file, folder), 'utf8').split('\n')
    it(`speaks as in ${file}`, () => play(lines, 'lines'))
    it(`speaks as in ${file}, octet by octet`, () => play(lines, 'octets'))
  }
})

/** `mailbox: NAME ACL…`, `quota: ROOT storage=KB used=OCTETS messages=N`, `option: NAME VALUE` come before the first client line. */
function setUp(lines: readonly string[]): TestServer {
  const options: Record<string, unknown> = {}
  for (const line of lines) {
    const [, key = '', value = ''] = /^option: (\S+) (.*)$/.exec(line) ?? []
    if (key !== '') options[key] = /^\d+$/.test(value) ? Number(value) : value === 'yes' ? true : value
  }
  const server = testServer(options as Partial<LmtpOptions>)
  for (const line of lines) {
    const [kind = '', first = '', ...rest] = line.split(' ')
    if (kind === 'mailbox:') server.fake.add(first, { acl: rest.map((word) => `${word}\t`).join('') })
    if (kind === 'quota:')
      server.fake.limit(first, Object.fromEntries(rest.map((word) => [word.split('=')[0], Number(word.split('=')[1])])))
  }
  return server
}

async function play(lines: readonly string[], how: 'lines' | 'octets'): Promise<void> {
  const server = setUp(lines)
  const { client, over } = server.connect()
  for (const line of lines) {
    if (line.startsWith('C: ')) {
      const bytes = Buffer.from(`${unescaped(line.slice(3))}\r\n`, 'latin1')
      if (how === 'lines') client.write(bytes)
      else
        for (const octet of bytes) {
          client.write(Buffer.from([octet]))
          client.flush()
        }
    } else if (line.startsWith('S: ')) {
      const said = (await client.readLine(2000))?.toString('latin1')
      expect(said, line).to.match(pattern(line.slice(3)))
    } else if (line.startsWith('stored: ')) {
      const [, name = '', count] = line.split(' ')
      expect(server.fake.messages.get(name)?.length ?? 0, line).to.equal(Number(count))
    } else if (line.startsWith('message: ')) {
      const [, name = '', ...words] = line.split(' ')
      expect(server.fake.messages.get(name)?.at(-1), line).to.match(pattern(unescaped(words.join(' '))))
    }
  }
  await client.close(50)
  await over
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|([rnt0]))/g, (_, hex?: string, letter?: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : ({ r: '\r', n: '\n', t: '\t', 0: '\0' }[letter ?? '0'] ?? ''),
  )
}

function pattern(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
