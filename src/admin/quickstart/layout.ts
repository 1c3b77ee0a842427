// The quick start's directory: its two configuration files from conf/, its ports, its accounts.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'

/** Where the quick start keeps everything, and on which ports it is reached. */
export type Layout = {
  readonly directory: string
  readonly imapdConf: string
  readonly cyrusConf: string
  readonly spool: string
  readonly ports: { readonly imap: number; readonly pop3: number; readonly smtp: number }
}

/** The directory and the ports that stand in the samples. */
const sampleDirectory = '/srv/angarium'
const samplePorts = { imap: 1143, pop3: 1110, smtp: 2525 }

/** Finds free ports and writes the configuration files; what is in the directory already stays. @throws Error */
export async function prepare(directory: string, samples: string): Promise<Layout> {
  for (const name of ['', 'config', 'spool', 'sieve'])
    mkdirSync(join(directory, name), { recursive: true, mode: 0o750 })
  const ports = {
    imap: await freePort(samplePorts.imap),
    pop3: await freePort(samplePorts.pop3),
    smtp: await freePort(samplePorts.smtp),
  }
  const fill = (text: string) => filled(text, { directory, ports })
  const imapdConf = join(directory, 'imapd.conf')
  const cyrusConf = join(directory, 'cyrus.conf')
  if (!existsSync(imapdConf)) {
    const owner = `\n# Who the server runs as when it is started as root.\ncyrus_user: ${userInfo().username}\n`
    writeFileSync(imapdConf, fill(readFileSync(join(samples, 'quickstart-imapd.conf'), 'utf8')) + owner)
  }
  writeFileSync(cyrusConf, fill(readFileSync(join(samples, 'quickstart-cyrus.conf'), 'utf8')))
  return { directory, imapdConf, cyrusConf, spool: join(directory, 'spool'), ports }
}

/** A sample with this directory and these ports. */
export function filled(sample: string, { directory, ports }: { directory: string; ports: Layout['ports'] }): string {
  let text = sample.replaceAll(sampleDirectory, directory)
  for (const name of ['imap', 'pop3', 'smtp'] as const)
    text = text.replaceAll(`127.0.0.1:${samplePorts[name]}`, `127.0.0.1:${ports[name]}`)
  return text
}

/** The first free port from `wanted` on. @throws Error when a hundred are taken */
async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 100; port++) if (await isFree(port)) return port
  throw new Error(`the ports ${wanted} to ${wanted + 99} are all in use on 127.0.0.1: end what listens there`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** A name and its password. */
export type Account = { readonly user: string; readonly password: string }

/** The accounts of this directory: made once, kept in `accounts`, readable by the owner only. */
export function accountsOf(directory: string, users: readonly string[]): Account[] {
  const file = join(directory, 'accounts')
  const kept = new Map(existsSync(file) ? readFileSync(file, 'utf8').split('\n').map(pair) : [])
  const accounts = users.map((user) => ({ user, password: kept.get(user) ?? newPassword() }))
  writeFileSync(file, accounts.map(({ user, password }) => `${user} ${password}\n`).join(''), { mode: 0o600 })
  chmodSync(file, 0o600)
  return accounts
}

function pair(line: string): [string, string] {
  const [user = '', password = ''] = line.split(' ')
  return [user, password]
}

function newPassword(): string {
  return randomBytes(9).toString('base64url')
}
