/** From a `cmd=` to the program it means: one of ours, one of a Cyrus installation that ours replaces, or any other. */
import { accessSync, constants, existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandWords } from '../config/command.js'

/** Where our programs are. */
export interface Places {
  /** The launchers. */
  readonly bin: string
  /** One folder a service, each with its main.js. */
  readonly services: string
}

export function ownPlaces(): Places {
  const source = fileURLToPath(new URL('..', import.meta.url))
  return { bin: join(source, '../../bin'), services: join(source, 'services') }
}

export type Program =
  /** A worker of ours, to be given listeners. */
  | { readonly kind: 'service'; readonly name: string; readonly main: string; readonly args: readonly string[] }
  /** Any other program; `ours` takes -C. */
  | {
      readonly kind: 'program'
      readonly name: string
      readonly path: string
      readonly args: readonly string[]
      readonly ours: boolean
    }
  /** A program of Cyrus that is not offered here. */
  | { readonly kind: 'notOffered'; readonly name: string }
  | { readonly kind: 'missing'; readonly name: string }

export interface Resolved {
  readonly program: Program
  /** How the command was understood, where that is worth a line. */
  readonly mapped?: { readonly from: string; readonly to: string }
}

/** Directories of Cyrus installations: what is named there means ours. */
const cyrusDirectories = [
  ...['/usr/lib/cyrus/bin', '/usr/lib/cyrus-imapd', '/usr/lib/cyrus', '/usr/libexec/cyrus-imapd', '/usr/libexec/cyrus'],
  ...['/usr/cyrus/bin', '/usr/cyrus/libexec', '/usr/cyrus/sbin', '/usr/local/cyrus/bin', '/usr/local/cyrus/libexec'],
]

/** The multi-command of Debian: `cyrus NAME …`. */
const multiCommands = ['/usr/sbin/cyrus', '/usr/local/sbin/cyrus', 'cyrus']

/** Names that the multi-command shortens. */
const fullNames: Readonly<Record<string, string>> = {
  expire: 'cyr_expire',
  check: 'chk_cyrus',
  mboxlist: 'ctl_mboxlist',
  dump: 'cyrdump',
  df: 'cyr_df',
  deny: 'cyr_deny',
}

/** Programs of Cyrus that may stand in a cyrus.conf. */
const cyrusPrograms = [
  ...['imapd', 'pop3d', 'lmtpd', 'timsieved', 'nntpd', 'httpd', 'smmapd', 'notifyd', 'fud', 'mupdate', 'sync_server'],
  ...['sync_client', 'idled', 'backupd', 'proxyd', 'pop3proxyd', 'lmtpproxyd', 'calalarmd', 'promstatsd', 'ptloader'],
  ...['ctl_cyrusdb', 'ctl_deliver', 'ctl_mboxlist', 'ctl_conversationsdb', 'ctl_zoneinfo', 'ctl_backups', 'cyr_expire'],
  ...[
    'tls_prune',
    'squatter',
    'ipurge',
    'reconstruct',
    'quota',
    'cyr_virusscan',
    'fetchnews',
    'cyr_backup',
    'ptexpire',
  ],
  ...['mbpath', 'chk_cyrus', 'cyr_info', 'mkimap', 'arbitron', 'cyr_synclog', 'cyr_df', 'unexpunge', 'cyr_dbtool'],
]

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const onPath = (name: string): string | undefined =>
  (process.env['PATH'] ?? '/usr/bin:/bin')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(executable)

/** Replaces `/usr/sbin/cyrus NAME` and `/usr/lib/cyrus/bin/NAME`, wherever they stand, by our NAME. */
function replaceCyrus(words: readonly string[], places: Places): string[] {
  const replaced: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const next = words[at + 1]
    const name = multiCommands.includes(word) && next !== undefined ? next : undefined
    const path = name ?? (cyrusDirectories.includes(dirname(word)) ? basename(word) : undefined)
    if (name !== undefined) at++
    if (path === undefined) replaced.push(word)
    else replaced.push(replaced.length === 0 ? full(path) : join(places.bin, full(path)))
  }
  return replaced
}

const full = (name: string): string => (Object.hasOwn(fullNames, name) ? (fullNames[name] ?? name) : name)

/** Our own launcher called by its path, also through a symbolic link. */
function ownName(path: string, places: Places): string | undefined {
  try {
    return dirname(realpathSync(path)) === realpathSync(places.bin) ? basename(realpathSync(path)) : undefined
  } catch {
    return undefined
  }
}

/** `use` is `service` for an entry of SERVICES: there, names of our services mean our services, wherever they stand. */
export function resolveProgram(cmd: string, { places, use }: { places: Places; use: 'service' | 'job' }): Resolved {
  const original = commandWords(cmd)
  const words = replaceCyrus(original, places)
  const [first = '', ...args] = words
  const own = isAbsolute(first) ? ownName(first, places) : first
  const name = own ?? basename(first)
  const main = join(places.services, name, 'main.js')
  const program = ((): Program => {
    if (use === 'service' && /^[\w.-]+$/.test(name) && existsSync(main)) return { kind: 'service', name, main, args }
    const launcher = own === undefined ? undefined : join(places.bin, own)
    if (launcher && /^[\w.-]+$/.test(name) && executable(launcher))
      return { kind: 'program', name, path: launcher, args, ours: true }
    if (!isAbsolute(first) && cyrusPrograms.includes(name)) return { kind: 'notOffered', name }
    const path = isAbsolute(first) ? first : onPath(first)
    if (path && executable(path)) return { kind: 'program', name, path, args, ours: false }
    return cyrusPrograms.includes(name) ? { kind: 'notOffered', name } : { kind: 'missing', name: first }
  })()
  const changed = words.some((word, index) => word !== original[index]) || words.length !== original.length
  return changed ? { program, mapped: { from: original.join(' '), to: words.join(' ') } } : { program }
}
