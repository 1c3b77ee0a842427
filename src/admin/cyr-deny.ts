/** cyr_deny: denies users services, allows them again, lists who is denied. Running services see it within a second. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultDenial, readDenyList, writeDenyList } from '../auth/deny-list.js'
import { defaultImapdConf, loadOptions } from '../config/imapd-conf.js'
import { ConfigError, EX_CONFIG } from '../config/problem.js'
import { EX_USAGE } from './sasldb-arguments.js'

interface Lines {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
}

const usage = [
  'usage: cyr_deny [-C imapd.conf] [-s services] [-m message] user',
  '       cyr_deny [-C imapd.conf] -a user',
  '       cyr_deny [-C imapd.conf] -l',
]

/** The exit status. */
export function cyrDeny(args: readonly string[], lines: Lines): number {
  const request = readRequest(args)
  if (!request) {
    for (const line of usage) lines.error(line)
    return EX_USAGE
  }
  try {
    const path = join(loadOptions(request.conf ?? defaultImapdConf).configdirectory, 'user_deny.db')
    obey(path, request, lines)
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    lines.error(error.message)
    return EX_CONFIG
  }
}

interface Request {
  readonly action: 'deny' | 'allow' | 'list'
  readonly conf: string | undefined
  readonly user: string
  readonly services: string
  readonly message: string
}

function obey(path: string, { action, user, services, message }: Request, { out }: Lines): void {
  const list = readDenyList(path)
  if (action === 'list') {
    for (const denied of list) out(`${denied.user}\t${denied.services}\t${denied.message}`)
    return
  }
  const others = list.filter((denied) => denied.user !== user)
  writeDenyList(path, action === 'deny' ? [...others, { user, services, message }] : others)
}

function readRequest(args: readonly string[]): Request | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        conf: { type: 'string', short: 'C' },
        allow: { type: 'boolean', short: 'a' },
        list: { type: 'boolean', short: 'l' },
        services: { type: 'string', short: 's' },
        message: { type: 'string', short: 'm' },
      },
    })
    const action = values.list ? 'list' : values.allow ? 'allow' : 'deny'
    const [user = '', ...more] = positionals
    if (more.length > 0 || (user === '') !== (action === 'list')) return undefined
    const { conf, services = '*', message = defaultDenial } = values
    return { action, conf, user, services, message }
  } catch {
    return undefined
  }
}
