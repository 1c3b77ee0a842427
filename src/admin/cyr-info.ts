/** cyr_info: the configuration in effect, what is wrong with it, and who is connected. cyr_info(8) */
import { contradictions } from '../config/contradictions.js'
import { defaultCyrusConf, readCyrusConf } from '../config/cyrus-conf.js'
import { allLines, changedLines, defaultLines, unknownLines } from '../config/describe.js'
import { getopt, lastOf } from '../config/getopt.js'
import { defaultImapdConf, type ImapdConf, readImapdConf, unknownOption } from '../config/imapd-conf.js'
import { EX_CONFIG, isError, problemLine } from '../config/problem.js'
import { versionLine } from '../config/version.js'
import { readSessionList } from '../net/session-list.js'

/** Where lines go. */
export interface Output {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
}

const usage = `cyr_info [-C <altconfig>] [-M <cyrus.conf>] [-n servicename] [-s oldversion] command

Where command is one of:

  * conf          - listing of non-default config values
  * conf-all      - listing of all config values
  * conf-default  - listing of all default config values
  * conf-lint     - unknown config keys, and what else is wrong
  * proc          - listing of all open sessions
  * version       - Cyrus version`

const EX_USAGE = 64

interface Request {
  readonly conf: ImapdConf
  readonly cyrus: string
  readonly service: string | undefined
}

type Command = (request: Request, output: Output) => number

const print = (lines: readonly string[], { out }: Output): number => {
  for (const line of lines) out(line)
  return 0
}

/** Says what stops a server, and leaves with 78. */
function sound({ conf }: Request, { error }: Output): number {
  const errors = conf.problems.filter(isError)
  for (const problem of errors) error(problemLine(problem))
  return errors.length > 0 ? EX_CONFIG : 0
}

/** Unknown keys to stdout, as ever, with their lines and the nearest known name to stderr; all other mistakes of both files to stderr, 1 when there is any; contradictions only told. */
const lint: Command = (request, output) => {
  const { conf, cyrus } = request
  const entries = readCyrusConf(cyrus)
  const readable = !entries.problems.some(({ line }) => line === 0)
  const unknown = unknownLines(conf.settings, readable ? entries.services.map(({ name }) => name) : undefined)
  const errors = [...conf.problems, ...(readable ? entries.problems : [])].filter(isError)
  const misspelt = conf.problems.filter((problem) => !isError(problem) && problem.text.startsWith(unknownOption))
  for (const problem of [...errors, ...misspelt]) output.error(problemLine(problem))
  for (const text of contradictions(conf.values)) output.error(text)
  print(unknown, output)
  return unknown.length + errors.length > 0 ? 1 : 0
}

const listSessions: Command = ({ conf }, output) =>
  print(
    readSessionList(conf.values.proc_path).map(({ pid, session: { service, client, user, mailbox, command } }) =>
      [pid, service, client, user, mailbox, command].filter((word) => word !== '').join(' '),
    ),
    output,
  )

const commands: Readonly<Record<string, Command>> = {
  conf: ({ conf, service }, output) => print(changedLines(conf.settings, service), output),
  'conf-all': ({ conf, service }, output) => print(allLines(conf.settings, service), output),
  'conf-default': (_, output) => print(defaultLines(), output),
  'conf-lint': lint,
  proc: listSessions,
  version: (_, output) => print([versionLine()], output),
}

/** The exit status. */
export function cyrInfo(args: readonly string[], output: Output): number {
  const flags = getopt(args, 'C:M:n:s:')
  const name = flags.rest[0] ?? ''
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (flags.problem || !command || flags.rest.length > 1) {
    if (flags.problem) output.error(`cyr_info: ${flags.problem}`)
    output.error(usage)
    return EX_USAGE
  }
  const service = lastOf(flags, 'n')
  const request: Request = {
    conf: readImapdConf(lastOf(flags, 'C') ?? defaultImapdConf, service === undefined ? {} : { service }),
    cyrus: lastOf(flags, 'M') ?? defaultCyrusConf,
    service,
  }
  const needsConf = name !== 'version' && name !== 'conf-default' && name !== 'conf-lint'
  const wrong = needsConf ? sound(request, output) : 0
  return wrong || command(request, output)
}
