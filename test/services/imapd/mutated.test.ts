/** Sessions made of damaged commands: every line gets an answer, nothing is our own mistake, others go on. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { InternalName } from '../../../src/store/mailbox-name.js'
import { system } from '../../../src/store/types.js'
import { LineClient } from './line-client.js'
import { openLocalServer, PASSWORD } from './local-server.js'
import { readTranscript } from './transcript.js'

/** ANGARIUM_FUZZ_SESSIONS: more, for longer runs by hand. */
const sessions = Number(process.env['ANGARIUM_FUZZ_SESSIONS'] ?? 25)
const commandsEach = 12
const folder = resolve(fileURLToPath(import.meta.url), '../../../../../test/services/imapd')

/** Commands of the transcripts, without those that end a session or wait for more. */
const corpus = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .flatMap((file) => readTranscript(file, readFileSync(join(folder, file), 'utf8')).steps)
  .filter(({ from, text }) => from === 'C' && /^\S+ [A-Z]/.test(text))
  .map(({ text }) => text.replace(/^\S+ /, ''))
  .filter((text) => !/LOGOUT|IDLE|AUTHENTICATE|COMPRESS|UNAUTHENTICATE|DELETE|RENAME|\{/.test(text))

const pieces = [
  '(',
  ')',
  '"',
  '\\',
  '*',
  '%',
  '{3+}\r\nabc',
  '{99999999999}',
  '~{1+}\r\n\\x00',
  ' ',
  '  ',
  '4294967295',
  '0',
]
const more = [
  'NIL',
  '$',
  '1:*',
  'BODY[',
  ']',
  '<0.1>',
  'NOT',
  'OR',
  '\\xff',
  '&',
  '-',
  '+',
  '.',
  ',',
  ':',
  '\t',
  'INBOX',
]

function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function mutate(text: string, random: (below: number) => number): string {
  let result = text
  for (let times = random(4); times > 0; times--) {
    const at = random(result.length + 1)
    const way = random(4)
    const piece = [...pieces, ...more][random(pieces.length + more.length)] ?? '('
    if (way === 0) result = result.slice(0, at) + piece + result.slice(at)
    else if (way === 1) result = result.slice(0, at) + result.slice(at + 1 + random(5))
    else if (way === 2) result = result.slice(0, at) + result.slice(random(result.length + 1))
    else result = result.slice(0, at)
  }
  // A literal that is announced and does not come would only wait.
  return result
    .slice(0, 4000)
    .replace(/\{\d+\}/g, '{1+}\r\nx')
    .replace(/\{\d{2,}\+\}/g, '{9+}')
}

describe('services/imapd damaged commands', () => {
  it(`get answers (${sessions} sessions)`, async function () {
    this.timeout(20_000 + sessions * 500)
    const local = await openLocalServer()
    try {
      await local.store.change({ kind: 'createMailbox', as: system, name: 'user.fred' as InternalName })
      for (let seed = 1; seed <= sessions; seed++) await session(local.connect(), randomFrom(seed))
      expect(local.bugs).to.deep.equal([])
    } finally {
      await local.close()
    }
  })
})

async function session(
  stream: ReturnType<Awaited<ReturnType<typeof openLocalServer>>['connect']>,
  random: (below: number) => number,
): Promise<void> {
  const client = new LineClient(stream)
  await client.line()
  await client.command('l', `LOGIN fred ${PASSWORD}`)
  if (random(4) === 0) await client.command('e', 'ENABLE QRESYNC UTF8=ACCEPT')
  await client.command('p', 'APPEND INBOX {6+}\r\nA: bcd')
  await client.command('s', 'SELECT INBOX')
  for (let number = 0; number < commandsEach; number++) {
    const text = mutate(corpus[random(corpus.length)] ?? 'NOOP', random)
    client.send(`x ${text}`)
    // A literal at the end of it may take in the first of these, not both.
    client.send(`m${number} NOOP`)
    client.send(`n${number} NOOP`)
    // Whatever the damaged command came to, the next one is answered, or the session is ended with BYE.
    for (;;) {
      const line = await client.line()
      if (line === undefined || line.startsWith(`n${number} OK`)) break
    }
  }
  client.close()
}
