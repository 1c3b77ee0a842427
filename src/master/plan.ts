/** What master is to do: both files read and checked together, every command resolved. */
import type { CyrusConf, DaemonEntry, EventEntry, ServiceEntry, StartEntry } from '../config/cyrus-conf.js'
import { readCyrusConf } from '../config/cyrus-conf.js'
import { meaningOf, readImapdConf } from '../config/imapd-conf.js'
import type { Options } from '../config/options.js'
import type { ConfigProblem } from '../config/problem.js'
import { type Places, type Program, type Resolved, resolveProgram } from './programs.js'

export type OwnService = Program & { kind: 'service' }
export type OtherProgram = Program & { kind: 'program' }

interface Planned<P> {
  readonly entry: ServiceEntry
  readonly program: P
}

export interface Plan {
  readonly options: Options
  readonly conf: string
  readonly problems: readonly ConfigProblem[]
  readonly start: readonly { entry: StartEntry; program: OtherProgram }[]
  readonly services: readonly Planned<OwnService>[]
  /** Services whose program is not ours. */
  readonly foreign: readonly Planned<OtherProgram>[]
  readonly events: readonly { entry: EventEntry; program: OtherProgram }[]
  readonly daemons: readonly { entry: DaemonEntry; program: OtherProgram }[]
  /** Services with settings of their own in imapd.conf: they share a worker with nobody. */
  readonly ownSettings: ReadonlySet<string>
  readonly skipped: readonly { name: string; why: string }[]
  readonly mapped: readonly { name: string; from: string; to: string }[]
}

export interface Files {
  /** imapd.conf */
  readonly conf: string
  /** cyrus.conf */
  readonly cyrus: string
}

interface Collected {
  readonly problems: ConfigProblem[]
  readonly skipped: { name: string; why: string }[]
  readonly mapped: { name: string; from: string; to: string }[]
}

type Named = { readonly name: string; readonly cmd: string; readonly line: number }

function resolve(
  entry: Named,
  use: 'service' | 'job',
  about: { places: Places; file: string; into: Collected },
): Resolved {
  const resolved = resolveProgram(entry.cmd, { places: about.places, use })
  const { name, line } = entry
  const { program, mapped } = resolved
  if (mapped) about.into.mapped.push({ name, ...mapped })
  if (program.kind === 'notOffered') about.into.skipped.push({ name, why: `there is no ${program.name} here` })
  if (program.kind === 'missing') {
    const text = `${name}: there is no program ${program.name || 'named in cmd='}`
    about.into.problems.push({ level: 'error', file: about.file, line, text })
  }
  return resolved
}

/** Reads both files. Throws nothing: what is wrong is in `problems`, all of it. */
export function readPlan({ conf, cyrus }: Files, places: Places): Plan {
  const { values: options, problems, settings } = readImapdConf(conf)
  const ownSettings = new Set(settings.flatMap(({ key }) => serviceOf(key)))
  const entries: CyrusConf = readCyrusConf(cyrus)
  const into: Collected = { problems: [...problems, ...entries.problems], skipped: [], mapped: [] }
  const about = { places, file: cyrus, into }
  const jobs = <E extends Named>(list: readonly E[]) =>
    list.flatMap((entry) => {
      if (entry.cmd === '') return []
      const { program } = resolve(entry, 'job', about)
      return program.kind === 'program' ? [{ entry, program }] : []
    })
  const [services, foreign]: [Planned<OwnService>[], Planned<OtherProgram>[]] = [[], []]
  for (const entry of entries.services) {
    if (entry.cmd === '') continue
    const { program } = resolve(entry, 'service', about)
    const udp = entry.proto.startsWith('udp')
    const skip = (why: string) => into.skipped.push({ name: entry.name, why })
    if (program.kind === 'service' || program.kind === 'program') {
      if (udp) skip(`proto=${entry.proto} is not offered here`)
      else if (program.kind === 'service') services.push({ entry, program })
      else if (program.ours) skip(`${program.name} is not a service; it belongs into START, EVENTS or DAEMON`)
      else foreign.push({ entry, program })
    }
  }
  const [start, events, daemons] = [jobs(entries.start), jobs(entries.events), jobs(entries.daemons)]
  return { ...into, options, conf, ownSettings, start, services, foreign, events, daemons }
}

const serviceOf = (key: string): string[] => {
  const meaning = meaningOf(key)
  return meaning.kind === 'option' && meaning.service !== undefined ? [meaning.service] : []
}

/** Entries may share workers when nothing but -s and -a tells them apart, and imapd.conf neither. */
export function groupKey({ entry, program }: Plan['services'][number], ownSettings: ReadonlySet<string>): string {
  const args = program.args.filter((word) => word !== '-s' && word !== '-a')
  const own = ownSettings.has(entry.name.toLowerCase()) ? entry.name : ''
  return JSON.stringify([program.name, args, entry.maxfds, own])
}

/** Flags of Cyrus that mean nothing to a worker that serves many clients. */
export function idleFlags({ program }: Plan['services'][number]): string[] {
  return program.args.flatMap((word, index) => (word === '-U' ? [`-U ${program.args[index + 1] ?? ''}`.trim()] : []))
}
