/** From the command line to a running master: check, detach, lock, bind, become the user, and go. */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { contradictions } from '../config/contradictions.js'
import { type Account, becomeCyrusUser, cyrusAccount } from '../config/identity.js'
import { ConfigError, type ConfigProblem, EX_CONFIG, isError, problemLine } from '../config/problem.js'
import { type Log, openLog } from '../log/log.js'
import type { Arguments } from './arguments.js'
import { detach, isDetached, report } from './daemonize.js'
import { cyrusProblem, makeDirectories, unwritable, usedByCyrus } from './directories.js'
import { isStale, lockDirectory, writePidFile } from './lock.js'
import { Master, type Section } from './master.js'
import { idleFlags, type Plan, readPlan } from './plan.js'
import { ownPlaces, type Places } from './programs.js'
import { openFilesLimit, sweepProc } from './system.js'

/** Milliseconds that the workers of a master that was killed have to let go of their listeners. */
const afterCrash = 5000

/** What went wrong before anything was served, and the status to leave with. */
class CannotStart extends Error {
  override readonly name = 'CannotStart'
  readonly status: number

  constructor(text: string, status: number) {
    super(text)
    this.status = status
  }
}

function complain(problems: readonly ConfigProblem[]): void {
  const errors = problems.filter(isError)
  if (errors.length > 0) throw new CannotStart(errors.map(problemLine).join('\n'), EX_CONFIG)
}

/** The plan, and who to become; every mistake at once. @throws CannotStart */
function checked(args: Arguments, places: Places): { plan: Plan; account: Account | undefined } {
  const plan = readPlan({ conf: args.conf, cyrus: args.cyrus }, places)
  const problems = [...plan.problems]
  let account: Account | undefined
  try {
    account = cyrusAccount(plan.options)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.push(...error.problems)
  }
  complain(problems)
  const found = usedByCyrus(plan.options)
  if (found) complain([cyrusProblem(args.conf, found)])
  return { plan, account: account?.uid === 0 ? undefined : account }
}

/** What the administrator should know, once. */
export function announce(plan: Plan, log: Log): void {
  for (const problem of plan.problems) log.event(isError(problem) ? 'error' : 'notice', { text: problemLine(problem) })
  for (const text of contradictions(plan.options)) log.event('warning', { text })
  for (const mapped of plan.mapped) log.event('config.mapped', mapped)
  for (const skipped of plan.skipped) log.event('service.skipped', skipped)
  const flags = new Set(plan.services.flatMap(idleFlags))
  if (flags.size > 0)
    log.event('notice', { text: `${[...flags].join(', ')} means nothing here: a worker serves many clients and stays` })
  const [limit, wanted] = [
    openFilesLimit(),
    Math.max(0, ...plan.services.map(({ entry }) => entry.maxchild ?? 0)) + 128,
  ]
  if (limit !== undefined && limit < wanted)
    log.event('warning', {
      text: `${limit} open files are allowed and ${wanted} may be needed; raise LimitNOFILE or ulimit -n`,
    })
}

function environmentFor(
  base: NodeJS.ProcessEnv,
  foreground: boolean,
): (entry: string, section: Section) => NodeJS.ProcessEnv {
  let next = 0
  const { ANGARIUM_MASTER_DETACHED: _, NODE_CHANNEL_FD: __, NOTIFY_SOCKET: ___, ...rest } = base
  return (entry, section) => ({
    UV_THREADPOOL_SIZE: '16',
    ...rest,
    CYRUS_LOG: foreground ? 'stderr' : 'syslog',
    CYRUS_SERVICE: entry,
    CYRUS_ID: String(++next),
    ANGARIUM_SECTION: section,
    ...((section === 'START' || section === 'DAEMON') && { CYRUS_ISDAEMON: '1' }),
  })
}

/** closes and opens again, which gives the lowest free number: the same one. */
function redirect(fd: number, path: string): void {
  closeSync(fd)
  openSync(path, 'a', 0o640)
}

/** Becomes the user of the store and sees that its directories can be written. @throws CannotStart */
function settle({ plan, account }: { plan: Plan; account: Account | undefined }): void {
  makeDirectories(plan.options, account)
  becomeCyrusUser(plan.options)
  const closed = unwritable(plan.options)
  const who = account?.user ?? `user ${process.getuid?.() ?? '?'}`
  if (closed.length > 0)
    throw new CannotStart(closed.map((path) => `${path} cannot be written by ${who}; chown it`).join('\n'), 73)
}

async function start(args: Arguments, places: Places): Promise<Master> {
  const { plan, account } = checked(args, places)
  const foreground = !isDetached()
  const log = openLog({ service: 'master', options: plan.options, to: foreground ? 'stderr' : 'syslog' })
  const environment = environmentFor(process.env, foreground)
  const master = new Master({
    args,
    places,
    log,
    environment,
    readPlan: () => readPlan({ conf: args.conf, cyrus: args.cyrus }, places),
  })
  makeDirectories(plan.options, account)
  const lock = await lockDirectory(plan.options.configdirectory)
  const pidPath = args.pidFile ?? plan.options.master_pid_file
  const patience = isStale(pidPath) ? afterCrash : 0
  const pidFile = writePidFile(pidPath, account)
  try {
    announce(plan, log)
    await master.bind(plan, { account, patience })
    settle({ plan, account })
    sweepProc(join(plan.options.proc_path))
    await master.run({ plan, pidFile, lock })
    return master
  } catch (error) {
    pidFile.remove()
    master.kill()
    throw error
  }
}

/** The whole program. Ends the process when it cannot start, and in the foreground of `-d`. */
export async function startMaster(args: Arguments, places = ownPlaces()): Promise<void> {
  try {
    if (args.daemon && !isDetached()) process.exit(await detach(args))
    if (args.logFile !== undefined && !isDetached()) for (const fd of [1, 2]) redirect(fd, args.logFile)
    await start(args, places)
    await report({ kind: 'ready' })
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 75
    const text = error instanceof Error ? error.message : String(error)
    await report({ kind: 'failed', text: text.replace(/^/gm, 'master: '), status })
    process.exit(status)
  }
}
