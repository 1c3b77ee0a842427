/**
 * Records what Debian's Cyrus answers about the corpus: `node dist/test/mime/record-corpus.js`, as root, on a machine with
 * the packages cyrus-imapd and cyrus-admin. It starts a private Cyrus in a temporary directory, puts the messages (their
 * views) into a mailbox, asks, writes corpus.expected.jsonl and stops it.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeView } from '../../src/mime/view.js'
import { corpusMessage, corpusNames, expectedFile, recordedSections, sectionNames, sectionsFile } from './corpus.js'

const programs = '/usr/lib/cyrus/bin'
const port = 39144
const box = 'user.corpus'
const root = mkdtempSync(join(tmpdir(), 'record-'))
const config = join(root, 'imapd.conf')

/** What a FETCH answer holds, in the order in which Cyrus gives the items. */
const answerShape = /^\* (\d+) FETCH \(ENVELOPE (\(.*\)) BODYSTRUCTURE (\(.*\)) BODY (\(.*\))\)\r\n$/s

function prepare(): void {
  for (const name of [
    'spool',
    'conf',
    ...['db', 'proc', 'socket', 'lock', 'log', 'msg', 'user', 'quota'].map((d) => `conf/${d}`),
  ])
    mkdirSync(join(root, name))
  writeFileSync(
    config,
    `configdirectory: ${root}/conf
partition-default: ${root}/spool
admins: admin
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: ${root}/mux
altnamespace: no
unixhierarchysep: no
`,
  )
  writeFileSync(
    join(root, 'cyrus.conf'),
    `START {
  recover cmd="${programs}/ctl_cyrusdb -C ${config} -r"
}
SERVICES {
  imap cmd="${programs}/imapd -C ${config}" listen="127.0.0.1:${port}" prefork=0
}
EVENTS {
}
`,
  )
  chmodSync(root, 0o755)
  execFileSync('chown', ['-R', 'cyrus:mail', root])
}

/** Sends one command and gives the untagged answers, each with its literals, as latin1 text. */
type Ask = (command: string) => Promise<string[]>

/** Cyrus takes a moment until it listens. */
async function connected(attempts = 100): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  const open = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  })
  if (open) return socket
  if (attempts === 0) throw new Error('Cyrus does not listen')
  await sleep(200)
  return connected(attempts - 1)
}

async function logIn(): Promise<Ask> {
  const socket = await connected()
  let received = ''
  let arrived: () => void = () => {}
  socket.setEncoding('latin1').on('data', (text) => {
    received += String(text)
    arrived()
  })
  const line = async (): Promise<string> => {
    for (let from = 0; ; ) {
      const end = received.indexOf('\r\n', from) + 2
      const literal = end > 1 ? /\{(\d+)\}\r\n$/.exec(received.slice(from, end)) : null
      if (end > 1 && !literal) {
        const whole = received.slice(0, end)
        received = received.slice(end)
        return whole
      }
      if (literal && received.length >= end + Number(literal[1])) from = end + Number(literal[1])
      else await new Promise<void>((resolve) => (arrived = resolve))
    }
  }
  await line()
  let count = 0
  const ask: Ask = async (command) => {
    const tag = `t${++count}`
    socket.write(`${tag} ${command}\r\n`)
    const untagged: string[] = []
    for (;;) {
      const answer = await line()
      if (!answer.startsWith(`${tag} `)) untagged.push(answer)
      else if (answer.startsWith(`${tag} OK`)) return untagged
      else throw new Error(`${command}: ${answer}`)
    }
  }
  await ask('LOGIN admin secret')
  return ask
}

async function record(): Promise<void> {
  const names = corpusNames()
  const ask = await logIn()
  await ask(`CREATE ${box}`)
  await ask(`SETACL ${box} admin lrswipkxtecda`)
  const directory = execFileSync(join(programs, 'mbpath'), ['-C', config, box], { encoding: 'utf8' }).trim()
  names.forEach((name, index) => {
    writeFileSync(join(directory, `${index + 1}.`), makeView(corpusMessage(name)))
  })
  execFileSync('chown', ['-R', 'cyrus:mail', directory])
  execFileSync(join(programs, 'reconstruct'), ['-C', config, box])
  await ask(`SELECT ${box}`)
  const lines = (await ask('UID FETCH 1:* (ENVELOPE BODYSTRUCTURE BODY)')).map((answer) =>
    answer.replace(/UID \d+ /, ''),
  )
  const answers = lines.map((answer) => answerShape.exec(answer))
  if (answers.length !== names.length) throw new Error(`${names.length} messages, ${answers.length} answers`)
  const recorded = answers.map((answer, index) => JSON.stringify([names[index], answer?.[2], answer?.[4], answer?.[3]]))
  writeFileSync(expectedFile, `${recorded.join('\n')}\n`)
  await recordSections(ask, names)
}

/** `* n FETCH (BODY[…] value)` */
const sectionShape = /^\* \d+ FETCH \(BODY\[[^\]]*\] (?:NIL|"([^"]*)"|\{\d+\}\r\n(.*))\)\r\n$/s

async function recordSections(ask: Ask, names: readonly string[]): Promise<void> {
  const lines: string[] = []
  for (const name of sectionNames()) {
    const values: (string | null)[] = []
    for (const section of recordedSections) {
      const [answer = ''] = await ask(`FETCH ${names.indexOf(name) + 1} (BODY.PEEK[${section}])`)
      const match = sectionShape.exec(answer)
      if (!match) throw new Error(`${name} ${section}: ${answer}`)
      values.push(match[1] ?? match[2] ?? null)
    }
    lines.push(JSON.stringify([name, ...values]))
  }
  writeFileSync(sectionsFile, `${lines.join('\n')}\n`)
}

prepare()
const passwords = createServer((socket) => socket.once('data', () => socket.end('\0\x02OK'))).listen(join(root, 'mux'))
await once(passwords, 'listening')
chmodSync(join(root, 'mux'), 0o777)
const pidFile = join(root, 'conf/master.pid')
execFileSync(join(programs, 'master'), ['-C', config, '-M', join(root, 'cyrus.conf'), '-p', pidFile, '-d'])
try {
  await record()
} finally {
  process.kill(Number(readFileSync(pidFile, 'utf8')))
  await sleep(1000)
  passwords.close()
  rmSync(root, { recursive: true, force: true })
}
process.exit()
