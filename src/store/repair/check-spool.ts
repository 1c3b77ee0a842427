/** Whether a mailbox's directory holds what its records say: each difference as a value. Reads, never writes. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../db/environment.js'
import type { StoreConfig } from '../config.js'
import { MessageRecord } from '../message-record.js'
import type { Tables } from '../open-tables.js'
import { recordsWithin } from '../read/chunks.js'
import { directoriesOf, fileName, readWaiting } from '../spool/message-file.js'
import { headerFile, readMessageFile } from '../spool/partition.js'
import { temporaryOwner } from '../spool/temporary.js'
import { clusterPrefix } from '../tables.js'
import type { MailboxEntry, MailboxId, Uid } from '../types.js'
import { allUids } from '../uid-ranges.js'

export type SpoolFinding =
  /** A live message has no file, and its bytes wait nowhere. */
  | { readonly kind: 'missing'; readonly uid: Uid; readonly path: string }
  /** The file has not the size, or not the digest, of the message that the record describes. */
  | { readonly kind: 'altered'; readonly uid: Uid; readonly path: string; readonly how: 'empty' | 'size' | 'digest' }
  /** A message is live and its file has the name of an expunged one, or the other way round. */
  | { readonly kind: 'misnamed'; readonly uid: Uid; readonly path: string; readonly should: string }
  /** A message file that no record speaks of. */
  | { readonly kind: 'stray'; readonly uid: Uid; readonly path: string; readonly form: 'live' | 'expunged' }
  /** Neither message nor header nor another mailbox's directory: left where it is. */
  | { readonly kind: 'odd'; readonly path: string; readonly what: 'file' | 'link' | 'other' }
  | { readonly kind: 'noDirectory'; readonly path: string }

/** How closely files are looked at: by name only (`-s`), by size, or read and digested (`-G`). */
export type Depth = 'name' | 'size' | 'digest'

export interface SpoolCheck {
  readonly config: StoreConfig
  readonly environment: Environment
  readonly tables: Tables
}

interface Known {
  readonly form: 'live' | 'expunged'
  readonly record: MessageRecord
}

/** Undefined while the mailbox is on its way to another directory, or is no longer there. */
export function checkSpool(
  { config, environment, tables }: SpoolCheck,
  mailbox: MailboxId,
  depth: Depth,
): SpoolFinding[] | undefined {
  const found = environment.read(() => {
    const entry = tables.mailboxes.get(mailbox)
    return entry && !entry.moving ? { entry, known: knownMessages(tables, mailbox) } : undefined
  })
  if (!found) return undefined
  const { entry, known } = found
  const [directory = ''] = directoriesOf(config, entry)
  const names = listDirectory(directory)
  if (!names) {
    const lost = known.size > 0 && ![...known.values()].every(({ record }) => readWaiting(config, entry, record))
    return lost || known.size === 0 ? [{ kind: 'noDirectory', path: directory }] : []
  }
  const findings: SpoolFinding[] = []
  for (const [uid, message] of known) {
    const finding = checkMessage({ config, entry, directory, names }, { uid, ...message }, depth)
    if (finding) findings.push(finding)
  }
  for (const name of names) {
    const finding = checkName({ directory, names }, name, known)
    if (finding) findings.push(finding)
  }
  return findings
}

function knownMessages(tables: Tables, mailbox: MailboxId): Map<Uid, Known> {
  const known = new Map<Uid, Known>()
  for (const record of recordsWithin(tables.chunks, mailbox, allUids)) known.set(record.uid, { form: 'live', record })
  for (const { key, value } of tables.expunged.range({ start: { mailbox, sub: 0 }, sharing: clusterPrefix }))
    known.set(key.sub as Uid, { form: 'expunged', record: new MessageRecord(value.record, 0) })
  return known
}

function listDirectory(directory: string): Set<string> | undefined {
  try {
    return new Set(readdirSync(directory))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function checkMessage(
  where: { config: StoreConfig; entry: MailboxEntry; directory: string; names: ReadonlySet<string> },
  { uid, form, record }: { uid: Uid } & Known,
  depth: Depth,
): SpoolFinding | undefined {
  const name = fileName(uid, form)
  const other = fileName(uid, form === 'live' ? 'expunged' : 'live')
  const path = join(where.directory, name)
  if (where.names.has(name)) {
    const how = depth === 'name' ? undefined : differs(path, record, depth)
    return how && form === 'live' ? { kind: 'altered', uid, path, how } : undefined
  }
  if (where.names.has(other)) return { kind: 'misnamed', uid, path: join(where.directory, other), should: path }
  if (form === 'expunged' || readWaiting(where.config, where.entry, record)) return undefined
  return { kind: 'missing', uid, path }
}

function differs(
  path: string,
  record: MessageRecord,
  depth: 'size' | 'digest',
): 'empty' | 'size' | 'digest' | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat?.isFile()) return 'digest'
  if (stat.size !== record.fileSize) return stat.size === 0 ? 'empty' : 'size'
  if (depth === 'size') return undefined
  return createHash('sha256').update(readFileSync(path)).digest().equals(record.sha256) ? undefined : 'digest'
}

/** What a name in the directory is that no record accounts for. */
function checkName(
  { directory, names }: { directory: string; names: ReadonlySet<string> },
  name: string,
  known: ReadonlyMap<Uid, Known>,
): SpoolFinding | undefined {
  if (name === headerFile || temporaryOwner(name) !== undefined) return undefined
  const path = join(directory, name)
  const message = readMessageFile(name)
  const form = message && known.get(message.uid as Uid)?.form
  // Under the other name as well it is one too many: the one with its own name counts.
  if (message && form && (form === message.kind || !names.has(fileName(message.uid, form)))) return undefined
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat || stat.isDirectory()) return undefined
  if (stat.isSymbolicLink()) return { kind: 'odd', path, what: 'link' }
  if (!stat.isFile()) return { kind: 'odd', path, what: 'other' }
  if (!message) return { kind: 'odd', path, what: 'file' }
  return { kind: 'stray', uid: message.uid as Uid, path, form: message.kind }
}

/** One line for a report. */
export function describeFinding(finding: SpoolFinding): string {
  switch (finding.kind) {
    case 'missing':
      return `message ${finding.uid}: ${finding.path} is missing`
    case 'altered':
      return `message ${finding.uid}: ${finding.path} ${finding.how === 'empty' ? 'is empty' : `has another ${finding.how}`}`
    case 'misnamed':
      return `message ${finding.uid}: ${finding.path} should be ${finding.should}`
    case 'stray':
      return `${finding.path} is ${finding.form === 'live' ? 'a message' : 'an expunged message'} that the index does not know`
    case 'odd':
      return `${finding.path} is an odd ${finding.what === 'other' ? 'thing' : finding.what}`
    case 'noDirectory':
      return `${finding.path} is missing`
  }
}
