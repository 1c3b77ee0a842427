/** What the store needs of imapd.conf, as one plain value that crosses threads. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from '../config/options.js'
import type { RightsOptions } from './acl.js'
import { StoreError } from './errors.js'
import type { SpoolLayout } from './spool/partition.js'

export interface StoreConfig {
  /** Absolute; `db/`, `journal/` lie below it. */
  readonly configDirectory: string
  /** Absolute directories by name; never empty. */
  readonly partitions: ReadonlyMap<string, string>
  readonly defaultPartition: string
  readonly layout: SpoolLayout
  readonly rights: RightsOptions
  readonly defaultAcl: string
  readonly deleteMode: 'immediate' | 'delayed'
  readonly expungeMode: 'immediate' | 'semidelayed' | 'delayed'
  readonly duplicateSuppression: boolean
  /** This process: pid and start time, so that another can tell whether it still lives. */
  readonly owner: string
  /** Octets of a journal segment, 32 MB unless a test says otherwise; more than `inMemoryLimit`. */
  readonly segmentSize?: number
  /** Told the name of each numbered step before it is taken. Tests kill the process there. */
  readonly step?: (name: string) => void
}

export function storeConfig(options: Options): StoreConfig {
  return {
    configDirectory: options.configdirectory,
    partitions: options.partitions,
    defaultPartition: options.defaultpartition ?? options.partitions.keys().next().value ?? 'default',
    layout: { hashimapspool: options.hashimapspool, fulldirhash: options.fulldirhash },
    rights: {
      virtdomains: options.virtdomains === 'on' ? 'yes' : options.virtdomains,
      defaultdomain: options.defaultdomain,
      implicitOwnerRights: options.implicit_owner_rights,
      crossdomains: options.crossdomains,
    },
    defaultAcl: options.defaultacl,
    deleteMode: options.delete_mode,
    expungeMode: options.expunge_mode,
    duplicateSuppression: options.duplicatesuppression,
    owner: processOwner(process.pid),
  }
}

/** The directory of a partition. @throws StoreError unavailable when imapd.conf no longer names it. */
export function partitionPath(config: StoreConfig, partition: string): string {
  const path = config.partitions.get(partition)
  if (path === undefined)
    throw new StoreError(
      'unavailable',
      `Partition ${partition} is unknown: name it in imapd.conf as partition-${partition}`,
    )
  return path
}

export const journalDirectory = (config: StoreConfig): string => join(config.configDirectory, 'journal')
export const indexDirectory = (config: StoreConfig): string => join(config.configDirectory, 'db', 'index')
export const cacheDirectory = (config: StoreConfig): string => join(config.configDirectory, 'db', 'cache')

/** `pid.start.boot`: start in clock ticks since boot, from the kernel. */
export function processOwner(pid: number): string {
  return `${pid}.${startTime(pid) ?? 0}.${bootId()}`
}

/** Whether the process that wrote this owner's name still runs, in this boot. */
export function isAlive(owner: string): boolean {
  const [pid = '', start, boot] = owner.split('.')
  return boot === bootId() && startTime(Number(pid))?.toString() === start
}

function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  } catch {
    return undefined
  }
}

export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return 'unknown'
  }
}
