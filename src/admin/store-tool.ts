/** The frame of programs that work on the store below its views: flags, configuration, opening, exit status. */
import { type Flags, getopt, lastOf } from '../config/getopt.js'
import { becomeCyrusUser } from '../config/identity.js'
import { defaultImapdConf, readImapdConf } from '../config/imapd-conf.js'
import type { Options } from '../config/options.js'
import { EX_CONFIG, isError, problemLine } from '../config/problem.js'
import { type Log, noLog, openLog } from '../log/log.js'
import { HubClient } from '../net/hub-client.js'
import { storeConfig } from '../store/config.js'
import { StoreError } from '../store/errors.js'
import { type MailStore, openStore } from '../store/mail-store.js'
import type { Workshop } from '../store/writer/workshop.js'

export const EX_USAGE = 64
export const EX_DATAERR = 65
export const EX_TEMPFAIL = 75

/** Where lines go. */
export interface Output {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
  /** Before the store is opened: root becomes the user of the store, or files of its own would shut that user out. */
  readonly become?: (options: Options) => void
  /** The log of the tool; without it nothing is logged. */
  readonly openLog?: (about: { service: string; options: Options }) => Log
}

export interface ToolRun extends Output {
  readonly flags: Flags
  readonly options: Options
  readonly store: MailStore
  readonly workshop: Workshop
  /** Opened when it is first asked for: most runs have nothing to log. */
  readonly log: () => Log
  has(letter: string): boolean
}

export interface StoreTool {
  readonly name: string
  /** getopt's letters, without `C:`. */
  readonly letters: string
  readonly usage: string
  /** Long spellings of letters. */
  readonly long?: Readonly<Record<string, string>>
  /** The exit status. */
  run(run: ToolRun): Promise<number> | number
}

/** Runs a tool on the store of its configuration; what is wrong is said on stderr and is its exit status. */
export async function runStoreTool(tool: StoreTool, args: readonly string[], output: Output): Promise<number> {
  const words = args.map((word) => tool.long?.[word] ?? word)
  const flags = getopt(words, `C:${tool.letters}`)
  if (flags.problem !== undefined) {
    output.error(`${tool.name}: ${flags.problem}`)
    output.error(tool.usage)
    return EX_USAGE
  }
  const { values, problems } = readImapdConf(lastOf(flags, 'C') ?? defaultImapdConf)
  const errors = problems.filter(isError)
  for (const problem of errors) output.error(problemLine(problem))
  if (errors.length > 0) return EX_CONFIG
  try {
    output.become?.(values)
    // Sessions that look at a mailbox hear of what a tool does to it.
    const hub = new HubClient({ path: values.idlesocket, pollEvery: 0 })
    const store = await openStore({ config: storeConfig(values), writer: 'inline', hub, report: output.error })
    try {
      const has = (letter: string): boolean => flags.given.has(letter)
      let opened: Log | undefined
      const log = (): Log => {
        opened ??= output.openLog?.({ service: tool.name, options: values }) ?? noLog
        return opened
      }
      return await tool.run({ ...output, flags, options: values, store, workshop: store.workshop, log, has })
    } finally {
      await store.close()
      await hub.close()
    }
  } catch (error) {
    output.error(`${tool.name}: ${error instanceof Error ? error.message : String(error)}`)
    return error instanceof StoreError ? EX_DATAERR : EX_TEMPFAIL
  }
}

/** Lines to the terminal or pipe; what a closed pipe leaves unread is nobody's. */
export const terminal: Output = {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
  become: becomeCyrusUser,
  openLog,
}
