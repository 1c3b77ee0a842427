/** Master at work: START in order, daemons, services, events; SIGHUP, SIGTERM, SIGQUIT. It knows nothing of mail. */
import { rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:net'
import type { DaemonEntry } from '../config/cyrus-conf.js'
import { isError, problemLine } from '../config/problem.js'
import { versionLine } from '../config/version.js'
import type { Log } from '../log/log.js'
import type { Arguments } from './arguments.js'
import { Daemon } from './daemons.js'
import { type RunningEvents, runEvents } from './events.js'
import { failure, type Job, runJob } from './job.js'
import type { PidFile } from './lock.js'
import type { OtherProgram, Plan } from './plan.js'
import type { Places } from './programs.js'
import { type OpenSettings, Services } from './services.js'
import { tellSystemd } from './system.js'

/** Where an entry stands in cyrus.conf. */
export type Section = 'START' | 'SERVICES' | 'EVENTS' | 'DAEMON'

export interface MasterSettings {
  readonly args: Arguments
  readonly places: Places
  readonly log: Log
  readonly environment: (entry: string, section: Section) => NodeJS.ProcessEnv
  readonly readPlan: () => Plan
}

/** A START entry, or a daemon with wait=y, that did not do what master waits for. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed'
  readonly status = 75
}

/** Seconds: SIGTERM leaves nothing running after 20. */
const longestStop = 18
/** Milliseconds that master may be away before silence is its own fault. */
const ownSleep = 5000

export class Master {
  readonly #settings: MasterSettings
  readonly #log: Log
  readonly #services: Services
  readonly #events: RunningEvents
  #plan: Plan | undefined
  #pidFile: PidFile | undefined
  /** Held, not used: it goes with the process. */
  #lock: Server | undefined
  #daemons: Daemon[] = []
  #starting: Job | undefined
  #stopping = false
  #reloading: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #lastTick = performance.now()

  constructor(settings: MasterSettings) {
    const { log, args, environment } = settings
    this.#settings = settings
    this.#log = log
    this.#services = new Services({
      log,
      backlog: args.backlog,
      environment: (entry) => environment(entry, 'SERVICES'),
    })
    this.#events = runEvents({
      log,
      run: (entry) => {
        const found = this.#plan?.events.find(
          (event) => event.entry.name === entry.name && event.entry.cmd === entry.cmd,
        )
        return found && this.#run(found.program, { name: entry.name, section: 'EVENTS' })
      },
    })
  }

  /** Opens the listeners. Nobody is served yet. @throws StartFailed when one fails and that is fatal */
  async bind(plan: Plan, about: OpenSettings): Promise<void> {
    const failed = await this.#services.open(plan, about)
    if (failed > 0 && plan.options.master_bind_errors_fatal)
      throw new StartFailed(`${failed} services cannot open their listener, and master_bind_errors_fatal is set`)
  }

  /** START, daemons, services, events. Resolves when all is up. @throws StartFailed */
  async run({ plan, pidFile, lock }: { plan: Plan; pidFile: PidFile; lock: Server | undefined }): Promise<void> {
    this.#plan = plan
    this.#pidFile = pidFile
    this.#lock = lock
    this.#log.event('master.starting', { version: versionLine() })
    this.#listenToSignals()
    const { ready, begin } = this.#services.form(plan)
    for (const { entry, program } of plan.start) await this.#runToEnd(program, entry.name)
    for (const { entry, program } of plan.daemons) await this.#startDaemon(entry, program)
    await ready
    if (this.#stopping) return
    begin()
    this.#events.replace(
      plan.events.map(({ entry }) => entry),
      new Date(),
    )
    this.#tick()
    this.#timer = setInterval(() => this.#tick(), 1000)
    this.#announceReady(plan)
  }

  #announceReady(plan: Plan): void {
    this.#log.event('master.ready', { services: plan.services.length + plan.foreign.length })
    try {
      writeFileSync(plan.options.master_ready_file, '')
    } catch (error) {
      this.#log.event('io.error', { doing: 'writing', path: plan.options.master_ready_file, error })
    }
    tellSystemd('READY=1')
  }

  #run(
    program: OtherProgram,
    { name, section, readiness = false }: { name: string; section: Section; readiness?: boolean },
  ): Job {
    const { log, environment, args } = this.#settings
    return runJob({ name, program, conf: args.conf, environment: environment(name, section), log, readiness })
  }

  async #runToEnd(program: OtherProgram, name: string): Promise<void> {
    if (this.#stopping) return
    const began = performance.now()
    const job = this.#run(program, { name, section: 'START' })
    this.#starting = job
    const ended = await job.ended
    this.#starting = undefined
    const why = failure(ended)
    if (why && !this.#stopping) {
      this.#log.event('job.failed', { name, why })
      throw new StartFailed(`START ${name}: ${why}; master cannot go on`)
    }
    const seconds = (performance.now() - began) / 1000
    this.#log.event('job.ended', { name, pid: job.pid, status: ended.status, signal: ended.signal, seconds })
  }

  async #startDaemon(entry: DaemonEntry, program: OtherProgram): Promise<void> {
    if (this.#stopping) return
    const daemon = new Daemon({
      entry,
      log: this.#log,
      run: ({ readiness }) => this.#run(program, { name: entry.name, section: 'DAEMON', readiness }),
    })
    this.#daemons.push(daemon)
    if (!(await daemon.begin())) throw new StartFailed(`DAEMON ${entry.name} did not say that it is ready`)
  }

  #tick(): void {
    const now = performance.now()
    if (now - this.#lastTick > ownSleep) this.#services.forgive()
    this.#lastTick = now
    this.#services.watch(this.#plan?.options.worker_heartbeat ?? 0)
    this.#events.tick(new Date())
  }

  #listenToSignals(): void {
    process.on('SIGHUP', () => {
      this.#reloading = this.#reloading.then(() => this.#reload())
    })
    process.on('SIGTERM', () => void this.#stop('SIGTERM'))
    process.on('SIGINT', () => void this.#stop('SIGINT'))
    process.on('SIGQUIT', () => {
      this.kill()
      this.#leave(0)
    })
    process.on('uncaughtException', (error) => this.#log.event('bug', { doing: 'master', error }))
    process.on('unhandledRejection', (error) => this.#log.event('bug', { doing: 'master', error }))
  }

  /** Reads both files again; with mistakes in them, all stays as it is. */
  async #reload(): Promise<void> {
    if (this.#stopping || !this.#plan) return
    this.#log.event('master.reloading', {})
    tellSystemd('RELOADING=1')
    const plan = this.#settings.readPlan()
    const errors = plan.problems.filter(isError)
    for (const error of errors) this.#log.event('error', { text: `${problemLine(error)}; going on as before` })
    if (errors.length === 0) await this.#exchange(plan)
    tellSystemd('READY=1')
  }

  async #exchange(plan: Plan): Promise<void> {
    await this.#services.open(plan, { account: undefined })
    if (this.#stopping) return
    this.#plan = plan
    const { ready, begin } = this.#services.form(plan)
    await ready
    begin()
    this.#events.replace(
      plan.events.map(({ entry }) => entry),
      new Date(),
    )
    const same = (daemon: Daemon) =>
      plan.daemons.some(({ entry }) => entry.name === daemon.entry.name && entry.cmd === daemon.entry.cmd)
    for (const daemon of this.#daemons) if (!same(daemon)) void daemon.stop()
    this.#daemons = this.#daemons.filter(same)
    for (const daemon of this.#daemons) if (daemon.entry.wait) daemon.signal('SIGHUP')
    for (const { entry, program } of plan.daemons) {
      const running = this.#daemons.some((daemon) => daemon.entry.name === entry.name)
      if (!running)
        await this.#startDaemon(entry, program).catch((error: unknown) =>
          this.#log.event('bug', { doing: entry.name, error }),
        )
    }
  }

  /** Everything ends within the bound, by itself or killed. */
  async #stop(signal: string): Promise<void> {
    if (this.#stopping) return
    this.#stopping = true
    this.#log.event('master.stopping', { signal })
    tellSystemd('STOPPING=1')
    clearInterval(this.#timer)
    const within = Math.min(this.#plan?.options.stop_timeout ?? longestStop, longestStop) * 1000
    const last = setTimeout(() => {
      this.kill()
      setTimeout(() => this.#leave(0), 500)
    }, within + 1000)
    this.#starting?.signal('SIGTERM')
    const jobs = this.#events.running()
    for (const job of jobs) job.signal('SIGTERM')
    const waited = this.#daemons.filter(({ entry }) => entry.wait).reverse()
    const others = this.#daemons.filter(({ entry }) => !entry.wait)
    await Promise.all([
      this.#services.stop(within),
      ...others.map((daemon) => daemon.stop()),
      ...jobs.map((job) => job.ended),
    ])
    for (const daemon of waited) await daemon.stop()
    clearTimeout(last)
    this.#leave(0)
  }

  /** SIGKILL for every child. */
  kill(): void {
    this.#services.kill()
    this.#starting?.signal('SIGKILL')
    for (const job of this.#events.running()) job.signal('SIGKILL')
    for (const daemon of this.#daemons) daemon.kill()
  }

  #leave(status: number): void {
    this.#log.event('master.stopped', {})
    if (this.#plan) rmSync(this.#plan.options.master_ready_file, { force: true })
    this.#pidFile?.remove()
    this.#lock?.close()
    setImmediate(() => process.exit(status))
  }
}
