/** SERVICES: opens the listeners, forms the groups of workers, and exchanges them on SIGHUP without losing a client. */
import { type Account, accountOf, groupId } from '../config/identity.js'
import { readImapdConf } from '../config/imapd-conf.js'
import type { Options } from '../config/options.js'
import type { Log } from '../log/log.js'
import { ForeignGroup } from './foreign-group.js'
import { type Address, addressesOf } from './listen-address.js'
import { Listener, type SocketOwner, systemWords } from './listener.js'
import { groupKey, type Plan } from './plan.js'
import { Readiness } from './readiness.js'
import { ServiceGroup } from './service-group.js'

export interface ServicesSettings {
  readonly log: Log
  readonly backlog: number | undefined
  readonly environment: (entry: string) => NodeJS.ProcessEnv
}

type Planned = Plan['services'][number] | Plan['foreign'][number]

/** Whose the sockets are: `socket_owner`, else the account of the store. @throws Error for a name nobody has */
export function socketOwner(
  options: Pick<Options, 'socket_mode' | 'socket_owner'>,
  account: Account | undefined,
): SocketOwner {
  const mode = Number.parseInt(options.socket_mode ?? '0777', 8)
  if (!Number.isInteger(mode)) throw new Error(`socket_mode must be octal, not ${options.socket_mode ?? ''}`)
  const [user = '', group] = (options.socket_owner ?? '').split(':')
  const owner = user === '' ? account : accountOf(user)
  if (user !== '' && !owner) throw new Error(`socket_owner: there is no user ${user}`)
  const gid = group === undefined || group === '' ? owner?.gid : groupId(group)
  if (group && gid === undefined) throw new Error(`socket_owner: there is no group ${group}`)
  return { mode, uid: owner?.uid, gid }
}

export interface OpenSettings {
  readonly account: Account | undefined
  /** Milliseconds to wait for an address that the workers of a dead master may still hold. */
  readonly patience?: number
}

async function openPatiently(listener: Listener, patience: number): Promise<void> {
  for (let left = patience; ; left -= 100) {
    try {
      return await listener.open()
    } catch (error) {
      const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!inUse || left <= 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** What makes two listeners the same over a SIGHUP. */
const listenerKey = ({ entry }: Planned) => `${entry.name} ${entry.proto} ${entry.listen}`

export class Services {
  readonly #settings: ServicesSettings
  #listeners = new Map<string, Listener[]>()
  #groups = new Map<string, ServiceGroup>()
  #foreign: ForeignGroup[] = []
  readonly #leaving = new Set<ServiceGroup | ForeignGroup>()
  readonly #readiness = new Readiness()
  #next = 1

  constructor(settings: ServicesSettings) {
    this.#settings = settings
  }

  get groups(): readonly (ServiceGroup | ForeignGroup)[] {
    return [...this.#groups.values(), ...this.#foreign, ...this.#leaving]
  }

  /** Opens what is not open yet and closes what the plan no longer has. Returns how many services could not be opened. */
  async open(plan: Plan, { account, patience = 0 }: OpenSettings): Promise<number> {
    let failed = 0
    const opened = new Map<string, Listener[]>()
    for (const service of [...plan.services, ...plan.foreign]) {
      const key = listenerKey(service)
      const before = this.#listeners.get(key)?.filter(({ handle }) => handle !== undefined) ?? []
      const listeners = before.length > 0 ? before : await this.#openService(service, plan, { account, patience })
      if (listeners.length === 0) failed++
      opened.set(key, listeners)
    }
    for (const [key, listeners] of this.#listeners)
      if (!opened.has(key)) for (const listener of listeners) listener.close()
    this.#listeners = opened
    return failed
  }

  async #openService({ entry }: Planned, plan: Plan, { account, patience = 0 }: OpenSettings): Promise<Listener[]> {
    const { log, backlog } = this.#settings
    const opened: Listener[] = []
    const failed: { listen: string; why: string }[] = []
    try {
      const owner = socketOwner(readImapdConf(plan.conf, { service: entry.name }).values, account)
      for (const address of await addressesOf(entry.listen, entry.proto)) {
        const listener = new Listener(String(this.#next++), { entry: entry.name, address, owner, backlog })
        try {
          await openPatiently(listener, patience)
          opened.push(listener)
          log.event('listener.open', { name: entry.name, listen: listener.name })
        } catch (error) {
          if (!withoutIpv6(error, address)) failed.push({ listen: listener.name, why: systemWords(error) })
        }
      }
    } catch (error) {
      failed.push({ listen: entry.listen, why: systemWords(error) })
    }
    // A service that listens nowhere is worth one line, not one for each address.
    const told = opened.length > 0 ? failed : failed.slice(0, 1)
    for (const failure of told) log.event('listener.failed', { name: entry.name, ...failure })
    return opened
  }

  /** Forms the groups of the plan; those before finish their clients. `begin`, once `ready`, starts the new ones. */
  form(plan: Plan): { ready: Promise<unknown>; begin: () => void } {
    const old = [...this.#groups.values()]
    const warm = new Set(old.filter(({ workers }) => workers.length > 0).flatMap(({ listeners }) => names(listeners)))
    const waiting = old.flatMap((group) => group.takeWaiting())
    this.#groups = new Map()
    const byKey = groupBy(plan.services, (service) => groupKey(service, plan.ownSettings))
    for (const [key, services] of byKey) this.#groups.set(key, this.#group(services, plan))
    const formed = [...this.#groups.values()]
    for (const group of formed) {
      const own = names(group.listeners)
      group.await(waiting.filter(({ entry }) => own.includes(entry)))
    }
    for (const group of [...old, ...this.#foreign]) this.#leave(group)
    const foreign = this.#formForeign(plan)
    this.#foreign = foreign
    return {
      ready: Promise.all(foreign.map((group) => group.ready)),
      begin: () => {
        for (const group of foreign) group.begin()
        for (const group of formed) group.begin({ warm: names(group.listeners).some((name) => warm.has(name)) })
      },
    }
  }

  /** One group for each listener, as upstream has it. */
  #formForeign(plan: Plan): ForeignGroup[] {
    const { log, environment } = this.#settings
    return plan.foreign.flatMap((service) =>
      (this.#listeners.get(listenerKey(service)) ?? []).map(
        (listener) => new ForeignGroup({ ...service, listener, readiness: this.#readiness, environment, log }),
      ),
    )
  }

  #group(services: Plan['services'], plan: Plan): ServiceGroup {
    const [first] = services
    const { log, environment } = this.#settings
    const group = new ServiceGroup({
      program: first?.program.name ?? '',
      main: first?.program.main ?? '',
      entries: services.map(({ entry, program }) => ({ ...entry, args: program.args })),
      conf: plan.conf,
      environment,
      memory: plan.options.worker_memory,
      log,
      elsewhere: (entry) => this.#draining(entry),
    })
    group.take(services.flatMap((service) => this.#listeners.get(listenerKey(service)) ?? []))
    return group
  }

  #draining(entry: string): number {
    return [...this.#leaving].reduce(
      (sum, group) => sum + (group instanceof ServiceGroup ? group.clients(entry) : 0),
      0,
    )
  }

  #leave(group: ServiceGroup | ForeignGroup): void {
    this.#leaving.add(group)
    void group.drain().then(() => this.#leaving.delete(group))
  }

  watch(seconds: number): void {
    for (const group of this.groups) group.watch(seconds)
  }

  forgive(): void {
    for (const group of this.groups) if (group instanceof ServiceGroup) group.forgive()
  }

  /** Closes the listeners and ends the sessions; resolves when every worker is gone. */
  async stop(within: number): Promise<void> {
    for (const listener of [...this.#listeners.values()].flat()) listener.close()
    await Promise.all(this.groups.map((group) => group.stop(within)))
    this.#readiness.stop()
  }

  kill(): void {
    for (const listener of [...this.#listeners.values()].flat()) listener.close()
    for (const group of this.groups) group.kill()
    this.#readiness.stop()
  }
}

/** A machine without IPv6 cannot listen on all its addresses of that family, and need not. */
const withoutIpv6 = (error: unknown, address: Address): boolean =>
  address.kind === 'tcp' &&
  address.host === '::' &&
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL')

const names = (listeners: readonly Listener[]): string[] => listeners.map(({ entry }) => entry)

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
