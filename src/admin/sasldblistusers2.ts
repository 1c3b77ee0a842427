/** sasldblistusers2: lists the users of our sasldb, one a line, with what is kept of their passwords. */
import { parseArgs } from 'node:util'
import { Sasldb, SasldbError } from '../auth/sasldb.js'
import type { SasldbRecord } from '../auth/sasldb-record.js'
import { ConfigError, EX_CONFIG } from '../config/problem.js'
import { EX_CANTCREAT, EX_USAGE, sasldbOptions, type Terminal } from './sasldb-arguments.js'

/** The exit status. `-v` lists every form that is kept. */
export async function sasldblistusers2(args: readonly string[], { out, error: complain }: Terminal): Promise<number> {
  const request = readRequest(args)
  if (!request) {
    complain('usage: sasldblistusers2 [-C imapd.conf] [-f sasldb] [-v]')
    return EX_USAGE
  }
  try {
    const sasldb = new Sasldb(request.file ?? sasldbOptions(request.conf, request.file).sasl_sasldb_path)
    for (const { key, record } of sasldb.list()) {
      const forms = formsOf(record)
      for (const form of request.verbose ? forms : forms.slice(0, 1)) out(`${key.user}@${key.realm}: ${form}`)
    }
    await sasldb.close()
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof SasldbError)) throw error
    complain(`sasldblistusers2: ${error.message}`)
    return error instanceof ConfigError ? EX_CONFIG : EX_CANTCREAT
  }
}

/** libsasl's word for the password itself is userPassword. */
function formsOf({ plain, verifier, scram, digestMd5 }: SasldbRecord): string[] {
  return [
    ...(plain === undefined ? [] : ['userPassword']),
    ...(verifier ? ['verifier'] : []),
    ...(scram?.sha1 ? ['SCRAM-SHA-1'] : []),
    ...(scram?.sha256 ? ['SCRAM-SHA-256'] : []),
    ...(digestMd5 ? ['DIGEST-MD5'] : []),
  ]
}

function readRequest(args: readonly string[]): { conf?: string; file?: string; verbose: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        conf: { type: 'string', short: 'C' },
        file: { type: 'string', short: 'f' },
        verbose: { type: 'boolean', short: 'v' },
      },
    })
    return {
      ...(values.conf === undefined ? {} : { conf: values.conf }),
      ...(values.file === undefined ? {} : { file: values.file }),
      verbose: values.verbose ?? false,
    }
  } catch {
    return undefined
  }
}
