/** The frame of every service's main: configuration, log, sign-in, TLS, then clients from master until it says stop. */
import type { Socket } from 'node:net'
import type { Identity } from '../../auth/identity.js'
import { openSignIn } from '../../auth/open-sign-in.js'
import { defaultImapdConf, loadOptions } from '../../config/imapd-conf.js'
import type { Options } from '../../config/options.js'
import { ConfigError } from '../../config/problem.js'
import { type Log, openLog } from '../../log/log.js'
import type { ClientSession } from './client-session.js'
import { startedByMaster, takeHandover } from './handover.js'
import { currentTls } from './tls-options.js'
import { Worker } from './worker.js'

export interface Service {
  /** `imapd` */
  readonly program: string
  /** SASL's name of the service: `imap`, `pop`, `lmtp`, `sieve`. */
  readonly protocol: string
  /** Seconds without a word from the client. */
  readonly timeout: (options: Options) => number
  /** Opens the store and whatever else all sessions share. */
  readonly open: (about: { options: Options; log: Log }) => Promise<OpenService>
}

export interface OpenService {
  /** See WorkerSettings. */
  readonly serve: (session: ClientSession) => Promise<void>
  readonly prepare?: (identity: Identity) => Promise<void>
  /** After the last session. */
  readonly close: () => Promise<void>
}

const EX_USAGE = 64
const EX_SOFTWARE = 70
const EX_CONFIG = 78

/** `args`: what follows the program's name; `-C FILE` is read here, the rest belongs to the service. Sets the exit status. */
export async function runService(service: Service, args: readonly string[]): Promise<void> {
  if (!startedByMaster()) {
    console.error(`${service.program} serves connections that master gives it: put it into SERVICES of cyrus.conf`)
    process.exitCode = EX_USAGE
    return
  }
  const name = process.env['CYRUS_SERVICE'] ?? service.program
  const at = args.indexOf('-C')
  try {
    const options = loadOptions(args[at + 1] !== undefined && at >= 0 ? args[at + 1] : defaultImapdConf, {
      service: name,
    })
    const log = openLog({ service: name, options })
    surviveBugs(log)
    await serve(service, { options, log })
  } catch (error) {
    if (error instanceof ConfigError) console.error(error.message)
    else console.error(`${service.program}: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(error instanceof ConfigError ? EX_CONFIG : EX_SOFTWARE)
  }
}

async function serve(service: Service, { options, log }: { options: Options; log: Log }): Promise<void> {
  const signIn = openSignIn(options)
  const { serve: speak, prepare, close } = await service.open({ options, log })
  const worker = new Worker({
    protocol: service.protocol,
    options,
    log,
    signIn,
    tls: currentTls(options, log),
    timeout: service.timeout(options),
    serve: speak,
    prepare,
  })
  takeHandover({
    onConnection: (socket: Socket, entry) => {
      if (options.tcp_keepalive) socket.setKeepAlive(true, options.tcp_keepalive_idle * 1000)
      void worker.accept(socket, entry)
    },
    onStop: () => worker.stop(),
    onEnd: async () => {
      worker.close()
      await close()
    },
    memoryBudget: options.worker_memory,
  })
}

/**
 * A rejection that nobody caught ends one piece of work, not a thousand sessions; lmdb-js leaves one behind whenever a
 * commit fails. After an exception that nobody caught nothing can be relied on: the worker ends and master starts another.
 */
function surviveBugs(log: Log): void {
  process.on('unhandledRejection', (error) => log.event('bug', { doing: 'unhandled rejection', error }))
  process.on('uncaughtException', (error) => {
    log.event('bug', { doing: 'uncaught exception', error })
    process.exit(EX_SOFTWARE)
  })
}
