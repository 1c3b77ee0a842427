/** mkimap: makes the directories that imapd.conf names. `mkimap [-C imapd.conf | imapd.conf]` */
import { chownSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { getopt, lastOf } from '../config/getopt.js'
import { cyrusAccount } from '../config/identity.js'
import { defaultImapdConf, loadOptions } from '../config/imapd-conf.js'
import type { Options } from '../config/options.js'
import { ConfigError } from '../config/problem.js'
import type { Output } from './store-tool.js'

const EX_USAGE = 64
const EX_CANTCREAT = 73
const EX_CONFIG = 78

/** The exit status. What is there already stays as it is. */
export function mkimap(args: readonly string[], { out, error }: Output): number {
  const flags = getopt(args, 'C:')
  if (flags.problem !== undefined || flags.rest.length > 1) {
    error('usage: mkimap [-C imapd.conf | imapd.conf]')
    return EX_USAGE
  }
  const conf = lastOf(flags, 'C') ?? flags.rest[0] ?? defaultImapdConf
  try {
    out(`reading configure file ${conf}...`)
    const options = loadOptions(conf)
    out(`i will configure directory ${options.configdirectory}.`)
    for (const [name, path] of options.partitions) out(`i saw partition-${name} ${path}.`)
    out('done')
    make(options, { out, error })
    out('done')
    return 0
  } catch (caught) {
    error(`mkimap: ${caught instanceof Error ? caught.message : String(caught)}`)
    return caught instanceof ConfigError ? EX_CONFIG : EX_CANTCREAT
  }
}

/** Below `configdirectory`. */
const folders = ['db', 'log', 'msg', 'proc', 'socket', 'user', 'quota']

function make(options: Options, { out }: Output): void {
  out(`configuring ${options.configdirectory}...`)
  const account = cyrusAccount(options)
  const all = [
    options.configdirectory,
    ...folders.map((name) => join(options.configdirectory, name)),
    ...options.partitions.values(),
    ...options.metapartitions.values(),
    options.sievedir,
    dirname(options.lmtpsocket),
  ]
  for (const path of new Set(all)) {
    // What is there belongs to somebody, who may have other plans with it.
    const first = mkdirSync(path, { recursive: true, mode: 0o750 })
    if (first === undefined) continue
    out(`creating ${path}...`)
    for (let made = path; account && made.length >= first.length; made = dirname(made))
      chownSync(made, account.uid, account.gid)
  }
}
