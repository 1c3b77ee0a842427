/** Several sessions on one mailbox always agree: random commands, each session's view rebuilt from what it was told. */
import { expect } from 'chai'
import { LineClient } from './line-client.js'
import { openLocalServer, PASSWORD } from './local-server.js'

/** ANGARIUM_STRESS_STEPS: more steps, for longer runs by hand. */
const steps = Number(process.env['ANGARIUM_STRESS_STEPS'] ?? 80)
const sessions = 5

interface Known {
  uid: number | undefined
  flags: string | undefined
}

/** A client that believes what untagged answers say, and nothing else. RFC 9051 §7.5 */
class Believer {
  readonly client: LineClient
  messages: Known[] = []
  #tag = 0

  constructor(client: LineClient) {
    this.client = client
  }

  async command(text: string): Promise<string> {
    const tag = `t${++this.#tag}`
    const lines = await this.client.command(tag, text)
    if (lines[lines.length - 1]?.startsWith(`${tag} OK`)) this.#assume(text)
    const mayExpunge = !/^(FETCH|STORE|SEARCH)/.test(text)
    for (const line of lines) this.#believe(line, mayExpunge)
    return lines[lines.length - 1] ?? ''
  }

  /** What a client takes for granted after a silent STORE. */
  #assume(text: string): void {
    const [, set, sign, flag = ''] = /STORE (\S+) ([+-]?)FLAGS\.SILENT \((.*)\)/.exec(text) ?? []
    if (set === undefined) return
    const affected = set === '1:*' ? this.messages : this.messages.slice(Number(set) - 1, Number(set))
    for (const message of affected) {
      if (message.flags === undefined) continue
      const flags = new Set(sign === '' ? [] : message.flags.split(' '))
      if (sign === '-') flags.delete(flag)
      else flags.add(flag)
      message.flags = withoutRecent([...flags].join(' '))
    }
  }

  #believe(line: string, mayExpunge: boolean): void {
    const [, number, kind, rest = ''] = /^\* (\d+) (EXISTS|EXPUNGE|FETCH)(.*)$/.exec(line) ?? []
    const at = Number(number)
    if (kind === 'EXISTS') {
      expect(at).least(this.messages.length)
      while (this.messages.length < at) this.messages.push({ uid: undefined, flags: undefined })
    } else if (kind === 'EXPUNGE') {
      expect(mayExpunge, `EXPUNGE during a command that forbids it: ${line}`).equal(true)
      expect(at).most(this.messages.length)
      this.messages.splice(at - 1, 1)
    } else if (kind === 'FETCH') {
      const message = this.messages[at - 1]
      if (message === undefined) throw new Error(`no message ${at}: ${line}`)
      const uid = /UID (\d+)/.exec(rest)?.[1]
      const flags = /FLAGS \(([^)]*)\)/.exec(rest)?.[1]
      if (uid !== undefined) {
        if (message.uid !== undefined) expect(message.uid).equal(Number(uid))
        message.uid = Number(uid)
      }
      if (flags !== undefined) message.flags = withoutRecent(flags)
    }
  }
}

function withoutRecent(flags: string): string {
  return flags
    .split(' ')
    .filter((flag) => flag !== '' && flag !== '\\Recent')
    .sort()
    .join(' ')
}

/** Small and seeded, so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function randomCommand(random: (below: number) => number, count: number): string {
  const number = count === 0 ? 1 : 1 + random(count)
  const flags = ['\\Seen', '\\Flagged', '\\Deleted', '\\Deleted', '$A', '$B', '$C']
  const flag = flags[random(flags.length)] ?? '$A'
  const sign = ['+', '-', ''][random(3)] ?? ''
  const silent = random(2) === 0 ? '.SILENT' : ''
  const choices = [
    'NOOP',
    `STORE ${number} ${sign}FLAGS${silent} (${flag})`,
    `UID STORE 1:* ${sign}FLAGS${silent} (${flag})`,
    `FETCH ${number} (UID FLAGS)`,
    `FETCH 1:* (FLAGS)`,
    'SEARCH UNDELETED',
    'EXPUNGE',
    `COPY ${number} INBOX`,
    `MOVE ${number} INBOX`,
    `FETCH ${number} BODY[]`,
    'UID FETCH 1:* UID',
    'APPEND INBOX {6+}\r\nA: bcd',
    'APPEND INBOX (\\Flagged) {6+}\r\nA: bcd',
  ]
  return choices[random(choices.length)] ?? 'NOOP'
}

describe('services/imapd sessions on one mailbox', () => {
  for (const seed of [1, 2]) {
    it(`agree (seed ${seed}, ${steps} steps)`, async function () {
      this.timeout(60_000 + steps * 50)
      const local = await openLocalServer()
      try {
        await local.store.change({ kind: 'createMailbox', as: { kind: 'system' }, name: 'user.fred' as never })
        const random = randomFrom(seed)
        const believers: Believer[] = []
        for (let i = 0; i < sessions; i++) {
          const believer = new Believer(new LineClient(local.connect()))
          await believer.client.line()
          await believer.command(`LOGIN fred ${PASSWORD}`)
          if (i === 3) await believer.command('ENABLE CONDSTORE')
          await believer.command('SELECT INBOX')
          believers.push(believer)
        }
        for (let step = 1; step <= steps; step++) {
          // Two at a time, so that changes really cross.
          const pair = [believers[random(sessions)], believers[random(sessions)]]
          const distinct = new Set(pair.filter((each) => each !== undefined))
          await Promise.all([...distinct].map((each) => each.command(randomCommand(random, each.messages.length))))
          if (step % 40 === 0) await compare(believers)
        }
        expect(local.bugs).to.deep.equal([])
        for (const { client } of believers) client.close()
      } finally {
        await local.close()
      }
    })
  }
})

/** After everybody has heard all news, what each believes is what the server says, and the same for all. */
async function compare(believers: readonly Believer[]): Promise<void> {
  for (const each of believers) await each.command('NOOP')
  const views: string[] = []
  for (const each of believers) {
    const believed = each.messages.map(({ flags }) => flags)
    await each.command('FETCH 1:* (UID FLAGS)')
    each.messages.forEach(({ flags }, at) => {
      if (believed[at] !== undefined) expect(believed[at], `message ${at + 1}`).equal(flags)
    })
    views.push(each.messages.map(({ uid, flags }) => `${uid}: ${flags}`).join('\n'))
  }
  for (const view of views) expect(view).equal(views[0])
}
