// deliver: a message from standard input into mailboxes, through lmtpd. `deliver [-C conf] [-m mailbox] [-a auth] [-q] [-r path] [user]…`
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { accepted, LmtpClient, LmtpRefused, type ServerReply, showReply } from '../client/lmtp/client.js'
import { loadOptions } from '../config/imapd-conf.js'
import { ConfigError } from '../config/problem.js'
import { ConnectionError } from '../net/errors.js'
import { writeLocalPart, writeXtext } from '../syntax/lmtp/path-text.js'

const USAGE = 64
const NO_MAILBOX = 65
const TRY_AGAIN = 75
const CONFIGURATION = 78
/** Milliseconds for each answer: the last one waits for the disk. */
const TIMEOUT = 300_000
const usage = 'usage: deliver [-C <alt_config> ] [-m mailbox] [-a auth] [-r return_path] [-q] [-l] [user]...\n'

interface Wishes {
  readonly conf: string | undefined
  readonly mailbox: string | undefined
  readonly submitter: string
  readonly returnPath: string
  readonly ignoreQuota: boolean
  readonly relay: boolean
  readonly users: readonly string[]
}

export interface Streams {
  readonly input: Readable
  readonly output: Writable
  readonly errors: Writable
}

/** Exit status: 0 when everybody got it, 65 when somebody cannot, 75 when somebody may later, 64 and 78 as ever. */
export async function main(args: readonly string[], streams: Streams = processStreams()): Promise<number> {
  const wishes = readWishes(args)
  if (!wishes || (!wishes.relay && wishes.users.length === 0 && wishes.mailbox === undefined)) {
    streams.errors.write(usage)
    return USAGE
  }
  try {
    const { lmtpsocket } = loadOptions(wishes.conf, { service: 'deliver' })
    return wishes.relay ? await relay(lmtpsocket, streams) : await deliver(lmtpsocket, wishes, streams)
  } catch (error) {
    if (error instanceof ConfigError) {
      streams.errors.write(`${error.message}\n`)
      return CONFIGURATION
    }
    if (!(error instanceof LmtpRefused || error instanceof ConnectionError)) throw error
    streams.errors.write(`deliver: ${error.message}\n`)
    return error instanceof LmtpRefused ? statusOf(error.reply) : TRY_AGAIN
  }
}

const processStreams = (): Streams => ({ input: process.stdin, output: process.stdout, errors: process.stderr })

/** Undefined when the command line cannot be understood. */
function readWishes(args: readonly string[]): Wishes | undefined {
  const options = {
    C: { type: 'string', short: 'C' },
    m: { type: 'string', short: 'm' },
    a: { type: 'string', short: 'a' },
    r: { type: 'string', short: 'r' },
    f: { type: 'string', short: 'f' },
    F: { type: 'string', short: 'F' },
    q: { type: 'boolean', short: 'q' },
    l: { type: 'boolean', short: 'l' },
    d: { type: 'boolean', short: 'd' },
    D: { type: 'boolean', short: 'D' },
  } as const
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const returnPath = values.r ?? values.f ?? userInfo().username
    return {
      conf: values.C,
      mailbox: values.m,
      submitter: values.a ?? '',
      returnPath: returnPath.replace(/^<(.*)>$/, '$1').replace(/[\r\n<>]/g, ''),
      ignoreQuota: values.q ?? false,
      relay: values.l ?? false,
      users: positionals,
    }
  } catch {
    return undefined
  }
}

async function deliver(socket: string, wishes: Wishes, { input, output }: Streams): Promise<number> {
  const { mailbox = '', users } = wishes
  const paths = users.length > 0 ? users.map((user) => pathOf(user, mailbox)) : [writeLocalPart(`+${mailbox}`)]
  const client = await LmtpClient.open({ address: { path: socket }, name: 'deliver', timeout: TIMEOUT })
  try {
    const replies = await transaction(client, { paths, wishes, input })
    for (const [index, reply] of replies.entries())
      if (!accepted(reply)) output.write(`${users[index] ?? `+${mailbox}`}: ${complaint(reply)}\n`)
    await client.quit()
    return Math.max(0, ...replies.map(statusOf))
  } finally {
    client.destroy()
  }
}

interface Posting {
  readonly paths: readonly string[]
  readonly wishes: Wishes
  readonly input: Readable
}

/** One reply for each path: that to RCPT where it was refused, else the one after the message. */
async function transaction(client: LmtpClient, { paths, wishes, input }: Posting): Promise<ServerReply[]> {
  const { returnPath, submitter, ignoreQuota } = wishes
  const begun = await client.mail(returnPath, `AUTH=${submitter === '' ? '<>' : writeXtext(submitter)}`)
  if (!accepted(begun)) throw new LmtpRefused(begun)
  const replies: ServerReply[] = []
  for (const path of paths) replies.push(await client.rcpt(path, ignoreQuota ? 'IGNOREQUOTA' : ''))
  const later = replies.some(accepted) ? await client.data(withLineEnds(input)) : []
  return replies.map((reply) => (accepted(reply) ? (later.shift() ?? reply) : reply))
}

/** `paul` and `Sent` are `paul+Sent`; `paul@example.org` and `Sent` are `paul+Sent@example.org`. */
function pathOf(user: string, mailbox: string): string {
  const at = user.lastIndexOf('@')
  const [local, domain] = at > 0 ? [user.slice(0, at), user.slice(at)] : [user, '']
  return `${writeLocalPart(mailbox === '' ? local : `${local}+${mailbox}`)}${domain}`
}

function complaint(reply: ServerReply): string {
  if (reply.code === 550 && (reply.enhanced ?? '5.1.1') === '5.1.1') return 'Mailbox does not exist'
  return showReply(reply)
}

function statusOf({ code }: ServerReply): number {
  if (code < 400) return 0
  return code < 500 ? TRY_AGAIN : NO_MAILBOX
}

const CR = 0x0d
const LF = 0x0a
const LINE_END = Buffer.from('\r\n')

/** Text as programs pipe it has bare LF; on the wire lines end with CRLF. What has CRLF keeps it. */
export async function* withLineEnds(input: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let before = 0
  for await (const given of input) {
    const slice = typeof given === 'string' ? Buffer.from(given) : given
    const pieces: Buffer[] = []
    let start = 0
    for (let at = slice.indexOf(LF); at >= 0; at = slice.indexOf(LF, at + 1)) {
      if ((at === 0 ? before : slice[at - 1]) === CR) continue
      pieces.push(slice.subarray(start, at), LINE_END)
      start = at + 1
    }
    pieces.push(slice.subarray(start))
    before = slice.at(-1) ?? before
    yield pieces.length === 1 ? slice : Buffer.concat(pieces)
  }
}

/** `-l`: standard input and output become the LMTP connection. */
function relay(path: string, { input, output }: Streams): Promise<number> {
  const socket = connect({ path, allowHalfOpen: true })
  return new Promise((resolve, reject) => {
    socket.once('error', (error) =>
      reject(new ConnectionError('closed', `couldn't connect to lmtpd: ${error.message}`)),
    )
    socket.once('close', () => {
      input.unpipe(socket)
      input.destroy()
      resolve(0)
    })
    input.pipe(socket)
    socket.pipe(output, { end: false })
  })
}
