// cyradm's own command line: the flags of Cyrus's shell, and a few more.
import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import type { ShellSettings } from './shell.js'

export interface CommandLineSettings {
  readonly shell: ShellSettings
  readonly server: string | undefined
  /** Commands come from this file. */
  readonly file: string | undefined
}

/** The command line cannot be understood. */
export class BadCommandLine extends Error {}

export const helpText = `Usage: cyradm [args] server
  -u, --user <user>         Connect as <user> (authentication name)
  --authz <user>            Authorize as <user>
  -w, --password <password> Password (others can see it while cyradm runs); without it,
                            it is asked for, or is the first line of a script
  -a, --auth <mechanism>    Authenticate with <mechanism>
  --server <server>         Connect to <server>: host, host:port or the path of a socket
  -p, --port <port>         Connect to server on <port>; 993 is TLS from the start
  --tls                     Insist on StartTLS
  --notls                   Disable StartTLS negotiation
  --tlskey <keyfile>        Use certificate with keyfile to authenticate with server
  --cafile <cacertfile>     Use CA certificate file to validate server certificate
  --cadir <cacertdirectory> Accepted; name a file with --cafile
  --file <file>             Run the commands of <file>, then exit
  --json                    Print values as JSON
  --dry-run                 Say what would be changed, change nothing
  --timeout <seconds>       Wait so long for each answer of the server
  --[no]rc, --systemrc <file>, --userrc <file>
                            Accepted and ignored: they are Perl
  --help                    This help message
  --version                 The version of this program

Defaults to interactive mode; commands may also come from a file or a pipe.
See the 'help' command in the shell for details.
`

const options = {
  user: { type: 'string', short: 'u' },
  authz: { type: 'string' },
  password: { type: 'string', short: 'w' },
  auth: { type: 'string', short: 'a' },
  server: { type: 'string' },
  port: { type: 'string', short: 'p' },
  tls: { type: 'boolean' },
  notls: { type: 'boolean' },
  tlskey: { type: 'string' },
  cafile: { type: 'string' },
  cadir: { type: 'string' },
  capath: { type: 'string' },
  file: { type: 'string' },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  timeout: { type: 'string' },
  rc: { type: 'boolean' },
  norc: { type: 'boolean' },
  systemrc: { type: 'string' },
  userrc: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const

/** What to do: run, or only print something. Throws BadCommandLine. */
export function readCommandLine(args: readonly string[]): CommandLineSettings | 'help' | 'version' {
  const { values, positionals } = parsed(args)
  if (values.help) return 'help'
  if (values.version) return 'version'
  if (positionals.length > (values.server === undefined ? 1 : 0))
    throw new BadCommandLine(`unexpected argument ${positionals.at(-1)}`)
  return {
    server: values.server ?? positionals[0],
    file: values.file,
    shell: {
      user: values.user ?? userInfo().username,
      actAs: values.authz,
      password: values.password,
      mechanisms: values.auth?.split(/[\s,]+/),
      port: number('port', values.port, 65535),
      tls: {
        use: values.tls ? 'demanded' : values.notls ? 'declined' : 'offered',
        keyFile: values.tlskey,
        caFile: values.cafile,
      },
      json: values.json ?? false,
      dryRun: values['dry-run'] ?? false,
      timeout: (number('timeout', values.timeout, 86_400) ?? 60) * 1000,
    },
  }
}

/** Perl's long options may stand behind one minus too: `-user`. */
function parsed(args: readonly string[]) {
  const long = args.map((arg) =>
    /^-[a-z]{2,}/.test(arg) && (arg.slice(1).split('=', 1)[0] as string) in options ? `-${arg}` : arg,
  )
  try {
    return parseArgs({ args: long, options, allowPositionals: true })
  } catch (error) {
    throw new BadCommandLine(error instanceof Error ? error.message : String(error))
  }
}

function number(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > most)
    throw new BadCommandLine(`Value "${text}" invalid for option ${name} (number expected)`)
  return value
}
