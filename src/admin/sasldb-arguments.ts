/** What saslpasswd2 and sasldblistusers2 have in common: which database, which realm. */
import { defaultImapdConf, readImapdConf } from '../config/imapd-conf.js'
import type { Options } from '../config/options.js'
import { ConfigError, isError } from '../config/problem.js'

export const EX_USAGE = 64
export const EX_DATAERR = 65
export const EX_NOUSER = 67
export const EX_CANTCREAT = 73

/** Where a program reads and writes: the process's own, or a test's. */
export interface Terminal {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
  /** Asks for the new password; undefined when two answers differed. */
  readonly password: (pipe: boolean) => Promise<string | undefined>
}

/** imapd.conf must be usable, unless the database is named on the command line. @throws ConfigError */
export function sasldbOptions(conf: string | undefined, file: string | undefined): Options {
  const { values, problems } = readImapdConf(conf ?? defaultImapdConf)
  if (file === undefined && problems.some(isError)) throw new ConfigError(problems)
  return values
}
