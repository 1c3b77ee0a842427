/** Who a program runs as: started as root, it becomes the user of the mail store, as every Cyrus program does. */
import { readFileSync } from 'node:fs'
import type { Options } from './options.js'
import { ConfigError } from './problem.js'

export interface Account {
  readonly user: string
  readonly uid: number
  readonly gid: number
}

function find(file: string, name: string): readonly string[] | undefined {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}:`))
  return line?.split(':')
}

/** The group's number, from /etc/group. */
export function groupId(group: string): number | undefined {
  const id = /^\d+$/.test(group) ? group : find('/etc/group', group)?.[2]
  return id === undefined ? undefined : Number(id)
}

/** The user's numbers, from /etc/passwd. */
export function accountOf(user: string): Account | undefined {
  const fields = find('/etc/passwd', user)
  return fields?.[2] && fields[3] ? { user, uid: Number(fields[2]), gid: Number(fields[3]) } : undefined
}

type Wanted = Pick<Options, 'cyrus_user' | 'cyrus_group'>

/** Who to become, or undefined when this process is not root and stays who it is. @throws ConfigError */
export function cyrusAccount(options: Wanted, environment = process.env): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const user = environment['CYRUS_USER'] ?? options.cyrus_user
  const account = accountOf(user)
  const fail = (text: string) => new ConfigError([{ level: 'error', file: 'cyrus_user', line: 0, text }])
  if (!account)
    throw fail(
      `there is no user ${user} to become; create it (useradd --system --shell /usr/sbin/nologin ${user}) or set cyrus_user`,
    )
  const group = environment['CYRUS_GROUP'] ?? options.cyrus_group
  const gid = group === undefined ? account.gid : groupId(group)
  if (gid === undefined) throw fail(`there is no group ${group ?? ''}; create it or set cyrus_group`)
  return { ...account, gid }
}

/** Node has it on POSIX systems; its types do not. */
const canInitGroups = (host: object): host is { initgroups: (user: string, group: number) => void } =>
  'initgroups' in host

/** Becomes the user of the store for good, and sets the umask. Does nothing but that when not root. @throws ConfigError */
export function becomeCyrusUser(options: Wanted & Pick<Options, 'umask'>): void {
  process.umask(Number.parseInt(options.umask, 8))
  const account = cyrusAccount(options)
  if (!account || account.uid === 0) return
  if (canInitGroups(process)) process.initgroups(account.user, account.gid)
  process.setgid?.(account.gid)
  process.setuid?.(account.uid)
}
