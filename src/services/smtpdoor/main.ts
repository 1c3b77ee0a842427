// smtpdoor: mail by SMTP on loopback, into lmtpd. `smtpdoor [-C imapd.conf] [-l 127.0.0.1:2525]`, under DAEMON of cyrus.conf.
import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { becomeCyrusUser } from '../../config/identity.js'
import { defaultImapdConf, loadOptions } from '../../config/imapd-conf.js'
import { ConfigError } from '../../config/problem.js'
import { openLog } from '../../log/log.js'
import { openDoor } from './door.js'

const usage = 'usage: smtpdoor [-C imapd.conf] [-l 127.0.0.1:PORT]'
const EX_USAGE = 64
const EX_UNAVAILABLE = 69
const EX_CONFIG = 78

/** Serves until told to stop; the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args)
  if (flags === undefined) return complain(usage, EX_USAGE)
  try {
    const options = loadOptions(flags.conf, { service: 'smtpdoor' })
    const log = openLog({ service: 'smtpdoor', options })
    becomeCyrusUser(options)
    const door = await openDoor(flags.listen, {
      lmtp: { path: options.lmtpsocket },
      name: options.servername ?? hostname(),
      log,
      maxMessageSize: options.maxmessagesize,
    })
    log.event('info', {
      text: `SMTP door open at ${flags.listen.host}:${door.port}, mail goes to ${options.lmtpsocket}`,
    })
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.once(signal, () => resolve())
    })
    await door.close()
    return 0
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, EX_CONFIG)
    return complain(`smtpdoor: ${error instanceof Error ? error.message : String(error)}`, EX_UNAVAILABLE)
  }
}

function readFlags(args: readonly string[]): { conf: string; listen: { host: string; port: number } } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { C: { type: 'string', short: 'C' }, l: { type: 'string', short: 'l' } },
    })
    const [, host, port] = /^(?:\[?([^\]]+)\]?:)?(\d{1,5})$/.exec(values.l ?? '127.0.0.1:2525') ?? []
    if (port === undefined) return undefined
    return { conf: values.C ?? defaultImapdConf, listen: { host: host ?? '127.0.0.1', port: Number(port) } }
  } catch {
    return undefined
  }
}

function complain(text: string, status: number): number {
  process.stderr.write(`${text}\n`)
  return status
}
