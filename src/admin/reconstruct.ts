/** reconstruct: mailboxes made to agree with their files again; lost ones found with -f. reconstruct(8) */
import { dirname, join } from 'node:path'
import { lastOf } from '../config/getopt.js'
import { matchesPattern } from '../store/list-pattern.js'
import { type InternalName, inboxOfUser, isBelow } from '../store/mailbox-name.js'
import { adminForm, readAdminName } from '../store/namespace.js'
import { findHeaders, leaveGap, restoreMailbox } from '../store/repair/lost-mailboxes.js'
import { type ReconstructOptions, reconstructMailbox } from '../store/repair/reconstruct.js'
import { headerFile, mailboxDirectory } from '../store/spool/partition.js'
import type { MailboxId } from '../store/types.js'
import { EX_DATAERR, type StoreTool, type ToolRun } from './store-tool.js'

const usage = `Usage: reconstruct [OPTIONS] [mailbox...]
A tool to reconstruct mailboxes. It never deletes: what it cannot explain goes to quarantine./ of the partition.

-C <config-file>   use <config-file> instead of the usual imapd.conf
-r                 recursively reconstruct
-f                 find lost mailboxes: examine the filesystem underneath the mailbox
-p <partition>     look for lost mailboxes on this partition only
-x                 of lost mailboxes import only name and messages, not the ACL
-s                 don't stat underlying files
-G                 read every message and compare its digest
-R                 take altered message files as new messages
-U                 move altered message files to quarantine
-o                 ignore odd files in mailbox directories
-O                 move odd files to quarantine
-q                 print nothing but differences
-n                 do not make changes (--dry-run)
-u                 give usernames instead of mailbox prefixes
-P                 give paths of cyrus.header files instead of mailboxes
-V <version>       only "max" is known: there is one format
-I -M              accepted; the index always wins over cyrus.header`

export const reconstructTool: StoreTool = {
  name: 'reconstruct',
  letters: 'rfp:xsGRUoOqnuPV:IMd',
  usage,
  long: { '--dry-run': '-n' },
  run(run) {
    if (run.has('V')) return lastOf(run.flags, 'V') === 'max' ? 0 : refuse(run, 'the only version is "max"')
    if (run.has('P')) return restoreAt(run, run.flags.rest)
    const chosen = chooser(run)
    if (!chosen) return EX_DATAERR
    const restored = run.has('f') ? findLost(run, chosen) : new Map<MailboxId, number>()
    reconstructAll(run, chosen, restored)
    return missing(run)
  },
}

function refuse(run: ToolRun, why: string): number {
  run.error(`reconstruct: ${why}`)
  return EX_DATAERR
}

/** Says which names stand for no mailbox; the exit status. */
function missing(run: ToolRun): number {
  const { flags, options, store } = run
  const below = run.has('r') || run.has('u')
  const absent = flags.rest.filter((word) => {
    if (!run.has('u') && /[*%]/.test(word)) return false
    const name = run.has('u') ? inboxOfUser(word, options) : readAdminName(word, options)
    const isThere = name !== undefined && store.read((view) => view.lookup(name)) !== undefined
    return (
      !isThere && !(below && name && store.read((view) => [...view.list('')]).some((one) => isBelow(one.name, name)))
    )
  })
  for (const word of absent) refuse(run, `there is no mailbox of the name "${word}"`)
  return absent.length > 0 ? EX_DATAERR : 0
}

type Chosen = (name: InternalName) => boolean

/** Names, patterns with * and %, or users; all mailboxes without any. */
function chooser(run: ToolRun): Chosen | undefined {
  const { flags, options } = run
  if (flags.rest.length === 0) return () => true
  const tests: Chosen[] = []
  for (const word of flags.rest) {
    if (!run.has('u') && /[*%]/.test(word)) {
      const separator = options.unixhierarchysep ? '/' : '.'
      tests.push((name) => matchesPattern(adminForm(name, options), { pattern: word, separator }))
      continue
    }
    const name = run.has('u') ? inboxOfUser(word, options) : readAdminName(word, options)
    if (!name) {
      refuse(run, `"${word}" is no name of a ${run.has('u') ? 'user' : 'mailbox'}`)
      return undefined
    }
    tests.push((one) => one === name || ((run.has('r') || run.has('u')) && isBelow(one, name)))
  }
  return (name) => tests.some((test) => test(name))
}

function optionsOf(run: ToolRun): ReconstructOptions {
  return {
    dry: run.has('n'),
    depth: run.has('G') ? 'digest' : run.has('s') ? 'name' : 'size',
    odd: run.has('O') ? 'quarantine' : run.has('o') ? 'ignore' : 'report',
    altered: run.has('U') ? 'quarantine' : run.has('R') ? 'newMessage' : 'report',
    spoolIsNewer: false,
  }
}

/** Mailboxes whose header lies at or below the chosen names' directories. Returns their ids, and the header's UIDNEXT. */
function findLost(run: ToolRun, chosen: Chosen): Map<MailboxId, number> {
  const partition = lastOf(run.flags, 'p')
  const restored = new Map<MailboxId, number>()
  for (const found of findHeaders(run.workshop.config)) {
    if (partition !== undefined && found.partition !== partition) continue
    const name = found.file.kind === 'whole' ? found.file.header.name : undefined
    if (name !== undefined && !chosen(name) && !belowChosen(run, found.directory)) continue
    restoreOne(run, found, restored)
  }
  return restored
}

/** -f NAME takes all that lies below the directory of NAME. */
function belowChosen({ flags, options, workshop }: ToolRun, directory: string): boolean {
  return flags.rest.some((word) => {
    const name = readAdminName(word, options)
    const top = name && mailboxDirectory(name, workshop.config.layout)
    return top !== undefined && (directory === top || directory.startsWith(`${top}/`))
  })
}

type Found = Parameters<typeof restoreMailbox>[1]

function restoreOne(run: ToolRun, found: Found, restored: Map<MailboxId, number>): void {
  const { workshop, options } = run
  const { file } = found
  if (run.has('n')) {
    const known = workshop.environment.read(() => new Set([...workshop.tables.names.keys()]))
    if (file.kind === 'whole' && !known.has(file.header.name))
      run.out(`${adminForm(file.header.name, options)} would be restored from ${found.path}`)
    return
  }
  const taken =
    run.has('x') && file.kind === 'whole' ? { ...found, file: { ...file, header: { ...file.header, acl: '' } } } : found
  const result = restoreMailbox(workshop, taken)
  if (result.kind === 'created') {
    restored.set(result.mailbox, result.header.uidNext)
    run.out(`discovered ${adminForm(result.header.name, options)} at ${dirname(found.path)}`)
  } else if (result.kind === 'nameTaken')
    run.error(`${found.path}: there is another mailbox ${adminForm(result.header.name, options)}: left alone`)
  else if (result.kind === 'unreadable') run.error(`${found.path} is ${result.reason}: left alone`)
}

function restoreAt(run: ToolRun, paths: readonly string[]): number {
  const wanted = new Set(paths.map((path) => (path.endsWith(`/${headerFile}`) ? path : join(path, headerFile))))
  const restored = new Map<MailboxId, number>()
  for (const found of findHeaders(run.workshop.config)) if (wanted.has(found.path)) restoreOne(run, found, restored)
  reconstructAll(run, (name) => restoredNames(run, restored).has(name), restored)
  return 0
}

function restoredNames({ workshop }: ToolRun, restored: ReadonlyMap<MailboxId, number>): Set<InternalName> {
  const { environment, tables } = workshop
  return environment.read(() => new Set([...restored.keys()].flatMap((id) => tables.mailboxes.get(id)?.name ?? [])))
}

function reconstructAll(run: ToolRun, chosen: Chosen, restored: ReadonlyMap<MailboxId, number>): void {
  const { workshop, options } = run
  const entries = workshop.environment.read(() =>
    [...workshop.tables.names.range()].map(({ key, value }) => ({ name: key, id: value })),
  )
  for (const { name, id } of entries) {
    if (!chosen(name) && !restored.has(id)) continue
    const shown = adminForm(name, options)
    const lines = restored.has(id)
      ? fill(run, id, restored.get(id) ?? 1)
      : reconstructMailbox(workshop, id, optionsOf(run))
    for (const line of lines) run.out(`${shown} ${line}`)
    if (lines.some((line) => line.startsWith('odd file')) && !run.has('O'))
      run.out('run reconstruct with -O to move odd files to quarantine')
    if (!run.has('q')) run.out(shown)
  }
}

/** A mailbox that has just been found: its messages, then its UIDNEXT, then its header. */
function fill(run: ToolRun, id: MailboxId, uidNext: number): string[] {
  const { workshop } = run
  const lines = reconstructMailbox(workshop, id, { ...optionsOf(run), depth: 'size' })
  leaveGap(workshop, id, { uidNext: uidNext as never })
  return lines.filter((line) => !line.endsWith('is not that of the index'))
}
