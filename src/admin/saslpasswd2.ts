/** saslpasswd2: sets, changes and removes passwords in our sasldb, with the flags of libsasl's program of that name. */
import { parseArgs } from 'node:util'
import { longestUser } from '../auth/account.js'
import { keptForms, nameRules } from '../auth/open-sign-in.js'
import { type Kept, Sasldb, SasldbError } from '../auth/sasldb.js'
import type { SasldbKey } from '../auth/sasldb-record.js'
import type { Options } from '../config/options.js'
import { ConfigError, EX_CONFIG } from '../config/problem.js'
import { EX_CANTCREAT, EX_DATAERR, EX_NOUSER, EX_USAGE, sasldbOptions, type Terminal } from './sasldb-arguments.js'

const usage = 'usage: saslpasswd2 [-C imapd.conf] [-c [-p] [-n]] [-d] [-f sasldb] [-u domain] [-a appname] userid'

interface Request {
  readonly conf: string | undefined
  readonly file: string | undefined
  readonly domain: string | undefined
  readonly user: string
  readonly action: 'create' | 'change' | 'delete'
  readonly pipe: boolean
  readonly noPlain: boolean
}

/** The exit status. */
export async function saslpasswd2(args: readonly string[], terminal: Terminal): Promise<number> {
  const request = readRequest(args)
  if (!request) {
    terminal.error(usage)
    return EX_USAGE
  }
  try {
    const options = sasldbOptions(request.conf, request.file)
    const key = keyOf(request, options)
    if (!key) {
      terminal.error(`saslpasswd2: ${JSON.stringify(request.user)} can be nobody's name`)
      return EX_DATAERR
    }
    const sasldb = new Sasldb(request.file ?? options.sasl_sasldb_path)
    try {
      return await obey(request, { key, sasldb, options, terminal })
    } finally {
      await sasldb.close()
    }
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof SasldbError)) throw error
    terminal.error(`saslpasswd2: ${error.message}`)
    return error instanceof ConfigError ? EX_CONFIG : EX_CANTCREAT
  }
}

interface Work {
  readonly key: SasldbKey
  readonly sasldb: Sasldb
  readonly options: Options
  readonly terminal: Terminal
}

async function obey(request: Request, { key, sasldb, options, terminal }: Work): Promise<number> {
  const name = `${key.user}@${key.realm}`
  if (request.action === 'delete') {
    if (!sasldb.remove(key)) terminal.error(`saslpasswd2: there is no ${name}`)
    return 0
  }
  const password = await terminal.password(request.pipe)
  if (password === undefined || password === '' || password.includes('\0')) {
    const why = password === undefined ? 'the two passwords differ' : 'that is no password'
    terminal.error(`saslpasswd2: ${why}, nothing was changed`)
    return EX_DATAERR
  }
  const kept = wanted(request, { options, terminal })
  if (await sasldb.setPassword(key, { password, kept, existing: request.action === 'change' })) return 0
  terminal.error(`saslpasswd2: there is no ${name}; with -c it is made`)
  return EX_NOUSER
}

/** Says so, once, when the password itself must be kept. */
function wanted({ noPlain }: Request, { options, terminal }: Pick<Work, 'options' | 'terminal'>): Kept {
  const { plainFor, ...kept } = keptForms(options)
  if (noPlain || !kept.plain) return { ...kept, plain: false }
  terminal.error(`saslpasswd2: the password itself is kept, since ${plainFor.join(' and ')} cannot do without it`)
  return kept
}

function readRequest(args: readonly string[]): Request | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        conf: { type: 'string', short: 'C' },
        create: { type: 'boolean', short: 'c' },
        disable: { type: 'boolean', short: 'd' },
        pipe: { type: 'boolean', short: 'p' },
        'no-plain': { type: 'boolean', short: 'n' },
        file: { type: 'string', short: 'f' },
        domain: { type: 'string', short: 'u' },
        application: { type: 'string', short: 'a' },
      },
    })
    const [user, ...more] = positionals
    if (user === undefined || more.length > 0 || (values.create && values.disable)) return undefined
    return {
      conf: values.conf,
      file: values.file,
      domain: values.domain,
      user,
      action: values.disable ? 'delete' : values.create ? 'create' : 'change',
      pipe: values.pipe ?? false,
      noPlain: values['no-plain'] ?? false,
    }
  } catch {
    return undefined
  }
}

/** `user@realm` names its realm itself, unless -u does. */
function keyOf({ user, domain }: Request, options: Options): SasldbKey | undefined {
  const at = domain === undefined ? user.lastIndexOf('@') : -1
  const local = at < 0 ? user : user.slice(0, at)
  const realm = at < 0 ? (domain ?? nameRules(options).realm) : user.slice(at + 1)
  if (local === '' || realm === '' || /[\x00-\x1f\x7f]/.test(local + realm)) return undefined
  if (Buffer.byteLength(local) + Buffer.byteLength(realm) > 2 * longestUser) return undefined
  return { user: options.username_tolower ? local.toLowerCase() : local, realm: realm.toLowerCase() }
}
