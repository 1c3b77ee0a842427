/** The command line of master: master(8). */
import { defaultCyrusConf } from '../config/cyrus-conf.js'
import { getopt, lastOf } from '../config/getopt.js'
import { defaultImapdConf } from '../config/imapd-conf.js'

export interface Arguments {
  readonly conf: string
  readonly cyrus: string
  readonly pidFile: string | undefined
  readonly backlog: number | undefined
  readonly daemon: boolean
  readonly logFile: string | undefined
  readonly version: boolean
}

export const usage =
  'usage: master [-C imapd.conf] [-M cyrus.conf] [-l listen queue] [-p pidfile] [-j janitor period] [-d | -D] [-L logfile] [-V]'

/** @throws Error with what is wrong with the command line */
export function readArguments(args: readonly string[]): Arguments {
  const flags = getopt(args, 'C:M:p:l:j:dDL:V')
  if (flags.problem) throw new Error(flags.problem)
  if (flags.rest.length > 0) throw new Error(`cannot understand ${flags.rest.join(' ')}`)
  if (flags.given.has('d') && flags.given.has('D')) throw new Error('-d and -D cannot be used together')
  const backlog = lastOf(flags, 'l')
  if (backlog !== undefined && !/^[1-9]\d{0,5}$/.test(backlog)) throw new Error('-l must be a number')
  return {
    conf: lastOf(flags, 'C') ?? defaultImapdConf,
    cyrus: lastOf(flags, 'M') ?? defaultCyrusConf,
    pidFile: lastOf(flags, 'p'),
    backlog: backlog === undefined ? undefined : Number(backlog),
    daemon: flags.given.has('d'),
    logFile: lastOf(flags, 'L'),
    version: flags.given.has('V'),
  }
}
