/** What is measured, one function each: it does the work on a subject and gives rows for the table. */
import { sleep } from '../test/support/wait.js'
import { corpus, fixedMessage, numbered, type WireMessage } from './corpus.js'
import { LoadClient, type Timed } from './imap-load.js'
import { type DeliveryLoad, type DeliveryResult, deliverAll } from './lmtp-load.js'
import { type Subject, users } from './subject.js'

/** One figure of one run. */
export interface Row {
  measure: string
  unit: 'per s' | 'ms' | 'KB'
  value: number
  /** Milliseconds of server processor time per operation, where operations were counted. */
  cpu?: number
  /** Milliseconds within which half and 99 of 100 were answered. */
  p50?: number
  p99?: number
  /** Share of one processor used by this client. */
  client?: number
}

export interface Scale {
  /** Milliseconds of each load. */
  duration: number
  /** Messages of the mailbox that is read. */
  messages: number
  /** Connections in IDLE. */
  idlers: number
}

export type Measure = (subject: Subject, scale: Scale) => Promise<Row[]>

const kinds: Record<string, readonly WireMessage[]> = { '4 KB': [fixedMessage(4_096)], corpus: corpus() }

// Every message of a benchmark has a Message-ID of its own, over all runs and subjects.
const numbers = { next: 1, files: new Map<Subject, number>() }

function load(
  subject: Subject,
  messages: readonly WireMessage[],
  more: Partial<DeliveryLoad>,
): Promise<DeliveryResult> {
  const first = messages[0]
  if (!first) throw new Error('no messages to send')
  return deliverAll({
    address: subject.lmtp,
    sessions: 1,
    next: (number) => ({
      to: users[number % users.length] ?? '',
      bytes: numbered(messages[number % messages.length] ?? first, numbers.next++),
    }),
    ...more,
  })
}

function delivery(sessions: number, kind: string, reconnect = false): Measure {
  const label = `LMTP delivery, ${kind}, ${sessions} session${sessions > 1 ? 's' : ''}${reconnect ? ', new connection each' : ''}`
  return async (subject, { duration }) => {
    const { result, serverCpu, clientShare } = await subject.using(() =>
      load(subject, kinds[kind] ?? [], { sessions, duration, reconnect }),
    )
    if (result.refused > 0) throw new Error(`${result.refused} deliveries were refused: ${result.complaint}`)
    const files = (numbers.files.get(subject) ?? 0) + result.delivered
    numbers.files.set(subject, files)
    await subject.expectFiles(files)
    return [perSecond(label, result.delivered, result.seconds, result.times, serverCpu, clientShare)]
  }
}

function perSecond(
  measure: string,
  count: number,
  seconds: number,
  times: readonly number[],
  serverCpu: number,
  client: number,
): Row {
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { measure, unit: 'per s', value: count / seconds, cpu: serverCpu / count, p50: at(0.5), p99: at(0.99), client }
}

/** Log in, SELECT, log out, each on a new connection, ten at a time, as web mailers do: with passwords seen before. */
const logins: Measure = async (subject, { duration }) => {
  const times: number[] = []
  const once = async (user: string): Promise<void> => {
    const client = await LoadClient.login(subject.server.imapPort, user, subject.password)
    await client.ok('SELECT INBOX')
    await client.ok('LOGOUT')
    client.close()
  }
  const loginUsers = users.slice(0, 10)
  for (let turn = 0; turn < 5; turn++) await Promise.all(loginUsers.map(once))
  const { result, serverCpu, clientShare } = await subject.using(async () => {
    const began = performance.now()
    await Promise.all(
      loginUsers.map(async (user) => {
        while (performance.now() < began + duration) {
          const start = performance.now()
          await once(user)
          times.push(performance.now() - start)
        }
      }),
    )
    return (performance.now() - began) / 1000
  })
  times.sort((left, right) => left - right)
  return [perSecond('login + SELECT + logout, 10 at a time', times.length, result, times, serverCpu, clientShare)]
}

/** APPEND of 4 KB messages on ten connections, each to its own mailbox. */
const appends: Measure = async (subject, { duration }) => {
  const message = fixedMessage(4_096)
  const port = subject.server.imapPort
  const clients = await Promise.all(users.slice(0, 10).map((user) => LoadClient.login(port, user, subject.password)))
  const times: number[] = []
  const { result, serverCpu, clientShare } = await subject.using(async () => {
    const began = performance.now()
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < began + duration) {
          const start = performance.now()
          const bytes = numbered(message, numbers.next++).subarray(0, -3)
          await client.ok(`APPEND INBOX {${bytes.length}+}`, bytes)
          times.push(performance.now() - start)
        }
      }),
    )
    return (performance.now() - began) / 1000
  })
  for (const client of clients) client.close()
  numbers.files.set(subject, (numbers.files.get(subject) ?? 0) + times.length)
  times.sort((left, right) => left - right)
  return [perSecond('APPEND, 4 KB, 10 sessions', times.length, result, times, serverCpu, clientShare)]
}

const reads = [
  ['FETCH 1:* (FLAGS)', 'FETCH 1:* (FLAGS)'],
  ['FETCH 1:* (ENVELOPE)', 'FETCH 1:* (ENVELOPE)'],
  ['FETCH 1:* (BODYSTRUCTURE)', 'FETCH 1:* (BODYSTRUCTURE)'],
  ['FETCH 1:* header fields', 'FETCH 1:* (BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE MESSAGE-ID)])'],
  ['FETCH 1:* whole bodies', 'FETCH 1:* (BODY.PEEK[])'],
] as const

async function timed(subject: Subject, measure: string, work: () => Promise<Timed>): Promise<Row> {
  const { result, serverCpu, clientShare } = await subject.using(work)
  return { measure, unit: 'ms', value: result.seconds * 1000, cpu: serverCpu, client: clientShare }
}

/** The mailbox of `big`, read item by item: first after a restart, then again. */
const fetches: Measure = async (subject) => {
  await subject.restart()
  const rows: Row[] = []
  for (const when of [', first', '']) {
    const client = await LoadClient.login(subject.server.imapPort, 'big', subject.password)
    rows.push(await timed(subject, `SELECT${when}`, () => client.ok('SELECT INBOX')))
    for (const [label, command] of reads) rows.push(await timed(subject, `${label}${when}`, () => client.ok(command)))
    client.close()
  }
  return rows
}

/** Changes and searches of the mailbox of `big`. */
const changes: Measure = async (subject) => {
  const client = await LoadClient.login(subject.server.imapPort, 'big', subject.password)
  const copy = `INBOX.copy${numbers.next++}`
  await client.ok(`CREATE ${copy}`)
  await client.ok('SELECT INBOX')
  const run = (measure: string, command: string): Promise<Row> => timed(subject, measure, () => client.ok(command))
  const rows = [
    await run('SEARCH UNSEEN', 'SEARCH UNSEEN'),
    await run('SEARCH SUBJECT', 'SEARCH SUBJECT budget'),
    await run('SEARCH BODY', 'SEARCH BODY "contract travel lunch"'),
    await run('STORE 1:* +FLAGS.SILENT', 'STORE 1:* +FLAGS.SILENT (\\Flagged)'),
    await run('COPY 1:*', `COPY 1:* ${copy}`),
  ]
  await client.ok('STORE 1:* -FLAGS.SILENT (\\Flagged)')
  await client.ok(`DELETE ${copy}`)
  client.close()
  return rows
}

/** Memory with nobody connected, of connections in IDLE, and how soon news reaches them. */
const idling: Measure = async (subject, { idlers }) => {
  await subject.restart()
  await sleep(2_000)
  const rest = subject.pss()
  const available = subject.available()
  const clients: LoadClient[] = []
  for (let at = 0; at < idlers; at += 8) {
    const some = [...Array(Math.min(8, idlers - at)).keys()].map(async (offset) => {
      const user = users[(at + offset) % users.length] ?? ''
      const client = await LoadClient.login(subject.server.imapPort, user, subject.password)
      await client.ok('SELECT INBOX')
      await client.idle()
      return client
    })
    clients.push(...(await Promise.all(some)))
  }
  await sleep(2_000)
  const rows: Row[] = [
    { measure: 'memory at rest (PSS)', unit: 'KB', value: rest },
    { measure: 'memory per idle connection (PSS)', unit: 'KB', value: (subject.pss() - rest) / idlers },
    {
      measure: 'memory per idle connection (fall of MemAvailable)',
      unit: 'KB',
      value: (available - subject.available()) / idlers,
    },
  ]
  const delays: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const watchers = clients.filter((_, index) => index % users.length === turn)
    const seen = watchers.map((client) => client.sees(' EXISTS'))
    const began = performance.now()
    const noted = seen.map((news) => news.then(() => delays.push(performance.now() - began)))
    await load(subject, kinds['4 KB'] ?? [], {
      count: 1,
      next: () => ({ to: users[turn] ?? '', bytes: numbered(fixedMessage(4_096), numbers.next++) }),
    })
    await Promise.race([Promise.all(noted), sleep(65_000)])
  }
  delays.sort((left, right) => left - right)
  rows.push({
    measure: 'start of delivery to EXISTS',
    unit: 'ms',
    value: delays[Math.floor(delays.length / 2)] ?? 65_000,
  })
  numbers.files.set(subject, (numbers.files.get(subject) ?? 0) + 5)
  for (const client of clients) client.close()
  return rows
}

/** Fills the mailbox of `big` with the corpus, as often as it takes. */
export async function fill(subject: Subject, { messages }: Scale): Promise<void> {
  const kind = kinds['corpus'] ?? []
  const first = kind[0]
  if (!first) return
  const { delivered, complaint } = await deliverAll({
    address: subject.lmtp,
    sessions: 10,
    count: messages,
    next: (number) => ({ to: 'big', bytes: numbered(kind[number % kind.length] ?? first, numbers.next++) }),
  })
  if (delivered !== messages) throw new Error(`only ${delivered} of ${messages} were delivered: ${complaint}`)
}

/** By name, in the order they run in. */
export const measures: Record<string, Measure> = {
  'deliver-1': delivery(1, '4 KB'),
  'deliver-10': delivery(10, '4 KB'),
  'deliver-50': delivery(50, '4 KB'),
  'deliver-corpus-1': delivery(1, 'corpus'),
  'deliver-corpus-10': delivery(10, 'corpus'),
  'deliver-corpus-50': delivery(50, 'corpus'),
  'deliver-new': delivery(10, '4 KB', true),
  append: appends,
  login: logins,
  fetch: fetches,
  change: changes,
  idle: idling,
}

/** Those that read the mailbox of `big`. */
export const reading: readonly string[] = ['fetch', 'change']
