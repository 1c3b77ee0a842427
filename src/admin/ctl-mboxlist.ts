/** ctl_mboxlist: the mailbox list dumped, read back, and compared with the spool. ctl_mboxlist(8) */
import { lastOf } from '../config/getopt.js'
import { readAcl } from '../store/acl.js'
import { compareNames, readInternalName } from '../store/mailbox-name.js'
import type { Mailbox } from '../store/types.js'
import { readMailboxDump } from './mailbox-dump.js'
import { EX_DATAERR, EX_USAGE, type StoreTool, type ToolRun } from './store-tool.js'
import { undump } from './undump.js'
import { verifySpool } from './verify-spool.js'

export const ctlMboxlistTool: StoreTool = {
  name: 'ctl_mboxlist',
  letters: 'duvxymawinLp:f:',
  usage: 'usage: ctl_mboxlist [-C <alt_config>] -d [-y] [-p partition] | -u [-L] [-n] | -v',
  long: { '--dry-run': '-n' },
  async run(run) {
    const modes = ['d', 'u', 'v', 'm'].filter((letter) => run.has(letter))
    if (modes.length !== 1) return refuse(run, ctlMboxlistTool.usage)
    if (run.has('m')) return refuse(run, 'ctl_mboxlist: -m needs a MUPDATE server; there is none here')
    if (run.has('x')) return refuse(run, 'ctl_mboxlist: -x would lose mailboxes; delete them with cyradm')
    if (run.has('f')) return refuse(run, 'ctl_mboxlist: -f names a file of Cyrus; the list is in the index here')
    if (run.has('d')) dump(run)
    else if (run.has('v')) return verify(run)
    else return await readBack(run)
    return 0
  },
}

function refuse(run: ToolRun, text: string): number {
  run.error(text)
  return EX_USAGE
}

/** One JSON object, a line for each mailbox, as Cyrus lays it out. */
function dump(run: ToolRun): void {
  const partition = lastOf(run.flags, 'p')
  const mailboxes = run.store
    .read((view) => [...view.list('')].flatMap(({ id }) => view.mailbox(id) ?? []))
    .filter((one) => partition === undefined || one.partition === partition)
    .sort((a, b) => compareNames(a.name, b.name))
  const lines = mailboxes.map((one) => `${JSON.stringify(one.name)}: ${dumpLine(one)}`)
  run.out(lines.length === 0 ? '{\n}' : `{\n${lines.join(',\n')}\n}`)
}

/** Numbers are strings: JSON's would lose digits of a modseq. */
function dumpLine(mailbox: Mailbox): string {
  const acl = Object.fromEntries(readAcl(mailbox.acl).map(({ identifier, rights }) => [identifier, rights]))
  const fields = {
    name: mailbox.name,
    mtime: String(mailbox.createdAt),
    uidvalidity: String(mailbox.uidValidity),
    createdmodseq: String(mailbox.createdModSeq),
    foldermodseq: String(mailbox.highestModSeq),
    mbtype: 'e',
    partition: mailbox.partition,
    acl,
    uniqueid: mailbox.uniqueId,
    name_history: [],
  }
  const inner = (value: unknown): string =>
    JSON.stringify(value, undefined, 1)
      .replace(/\n */g, ' ')
      .replace(/^([[{]) /, '$1')
      .replace(/ ([\]}])$/, '$1')
  return inner(fields).replace(/: \{ /g, ': {').replace(/ \}/g, '}')
}

function verify(run: ToolRun): number {
  const findings = verifySpool(run)
  for (const line of findings) run.out(line)
  return 0
}

/** Standard input: the JSON of -d, or the lines of old releases. */
async function readBack(run: ToolRun): Promise<number> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  const dumped = readMailboxDump(Buffer.concat(chunks).toString('utf8'), { legacy: run.has('L') })
  if (typeof dumped === 'string') {
    run.error(`ctl_mboxlist: ${dumped}`)
    return EX_DATAERR
  }
  for (const { name } of dumped)
    if (readInternalName(name) === undefined) {
      run.error(`ctl_mboxlist: '${name}' is no mailbox name; nothing was changed`)
      return EX_DATAERR
    }
  return undump(run, dumped)
}
