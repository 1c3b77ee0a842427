/** One mailbox made to agree with its directory again, by the store's own rules. Nothing is deleted: see quarantine. */
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { findRecord } from '../read/chunks.js'
import { writeHeader } from '../settle/header.js'
import type { Settlement } from '../settle/settlement.js'
import { makeDirectories } from '../spool/directory.js'
import { readHeader } from '../spool/header-file.js'
import { directoriesOf } from '../spool/message-file.js'
import { headerFile } from '../spool/partition.js'
import { digest } from '../spool/staging.js'
import type { MailboxId, ModSeq, Uid } from '../types.js'
import { unionOf } from '../uid-ranges.js'
import { adoptFiles, expungeRecords, quarantineFrom, type StrayFile } from './adopt.js'
import { checkSpool, type Depth, describeFinding, type SpoolFinding } from './check-spool.js'
import { mendCounts, mendRoot } from './mend-usage.js'
import { recount } from './recount.js'
import { rewriteRows } from './rewrite-rows.js'

export interface ReconstructOptions {
  /** Say what would be done, change nothing. */
  readonly dry: boolean
  readonly depth: Depth
  /** Files in the directory that are nothing of ours. */
  readonly odd: 'report' | 'ignore' | 'quarantine'
  /** Message files with other bytes than the record says. */
  readonly altered: 'report' | 'newMessage' | 'quarantine'
  /** The index is older than the spool (a checkpoint): an expunged file's name is right, its record is not. */
  readonly spoolIsNewer: boolean
}

/** Returns one line for each difference found, in words that name the object. */
export function reconstructMailbox(shop: Settlement, mailbox: MailboxId, options: ReconstructOptions): string[] {
  const findings = checkSpool(shop, mailbox, options.depth)
  if (!findings) return []
  const lines = mendIndex(shop, mailbox, options)
  lines.push(...mendDirectory(shop, mailbox, findings, options))
  lines.push(...mendCounts(shop, mailbox, options))
  const moved = mendRoot(shop, mailbox, options)
  if (moved) lines.push(`quota root ${moved.was ?? '(none)'} --> ${moved.is ?? '(none)'}`)
  lines.push(...mendHeader(shop, mailbox, options))
  return lines
}

/** Rows that disagree with each other are written anew. Counts come later, when the messages are right. */
function mendIndex({ environment, tables }: Settlement, mailbox: MailboxId, { dry }: ReconstructOptions): string[] {
  const look = (): string[] => {
    const { findings, countFindings } = recount(tables, mailbox)
    return findings.filter((finding) => !countFindings.includes(finding))
  }
  const found = environment.read(look)
  if (found.length > 0 && !dry) environment.write(() => rewriteRows(tables, mailbox))
  return found
}

function mendDirectory(
  shop: Settlement,
  mailbox: MailboxId,
  findings: readonly SpoolFinding[],
  options: ReconstructOptions,
): string[] {
  const { dry } = options
  const lines: string[] = []
  if (findings.some(({ kind }) => kind === 'noDirectory')) return mendMissingDirectory(shop, mailbox, findings, options)
  const { renamed, strays, missing } = matchByContent(shop, mailbox, findings)
  for (const { from, to } of renamed) {
    lines.push(`${from} is ${to}`)
    if (!dry) renameSync(from, to)
  }
  for (const finding of findings) lines.push(...mendFile(shop, mailbox, finding, options))
  if (missing.length > 0) {
    lines.push(...missing.map((uid) => `uid ${uid} not found`))
    if (!dry) expungeRecords(shop, mailbox, unionOf(missing.map((uid) => ({ first: uid, last: uid }))))
  }
  if (dry)
    lines.push(...strays.map(({ uid, form }) => `uid ${uid} found${form === 'expunged' ? ', expunged' : ''} - adding`))
  else
    for (const done of adoptFiles(shop, mailbox, strays)) {
      if (done.kind === 'quarantined') lines.push(`${done.path} was expunged, it is now ${done.to}`)
      else if (done.kind === 'expunged') lines.push(`uid ${done.uid} found, expunged - adding`)
      else lines.push(`uid ${done.was} found - adding${done.uid === done.was ? '' : ` as uid ${done.uid}`}`)
    }
  return lines
}

function mendMissingDirectory(
  { config, environment, tables }: Settlement,
  mailbox: MailboxId,
  findings: readonly SpoolFinding[],
  { dry }: ReconstructOptions,
): string[] {
  const entry = environment.read(() => tables.mailboxes.get(mailbox))
  const exists = environment.read(() => tables.counts.get({ mailbox, sub: undefined })?.exists ?? 0)
  const lines = findings.map(describeFinding)
  if (exists > 0) return [...lines, `its ${exists} messages were left alone: is the partition mounted?`]
  if (entry && !dry) makeDirectories(directoriesOf(config, entry)[0] ?? '')
  return lines
}

/** A stray file with the bytes of a message whose file is missing is that file under another name. */
function matchByContent(
  { environment, tables }: Settlement,
  mailbox: MailboxId,
  findings: readonly SpoolFinding[],
): { renamed: { from: string; to: string }[]; strays: StrayFile[]; missing: Uid[] } {
  const lost = findings.filter((finding) => finding.kind === 'missing')
  const strays = findings.filter((finding) => finding.kind === 'stray')
  if (lost.length === 0 || strays.length === 0) return { renamed: [], strays, missing: lost.map(({ uid }) => uid) }
  const bySha = new Map(strays.map((stray) => [digest(readFileSync(stray.path)).sha256.toString('hex'), stray]))
  const renamed: { from: string; to: string }[] = []
  const used = new Set<string>()
  const missing: Uid[] = []
  for (const { uid, path } of lost) {
    const sha = environment.read(() => findRecord(tables.chunks, mailbox, uid)?.sha256.toString('hex'))
    const stray = sha === undefined ? undefined : bySha.get(sha)
    if (!stray || used.has(stray.path)) {
      missing.push(uid)
      continue
    }
    used.add(stray.path)
    renamed.push({ from: stray.path, to: path })
  }
  return { renamed, strays: strays.filter(({ path }) => !used.has(path)), missing }
}

function mendFile(
  shop: Settlement,
  mailbox: MailboxId,
  finding: SpoolFinding,
  { dry, odd, altered, spoolIsNewer }: ReconstructOptions,
): string[] {
  if (finding.kind === 'odd') {
    if (odd === 'ignore') return []
    if (odd === 'quarantine' && !dry)
      return [`odd file ${finding.path} is now ${quarantineFrom(shop, mailbox, finding.path)}`]
    return [`odd file ${finding.path}`]
  }
  if (finding.kind === 'misnamed') {
    const expunged = finding.path.endsWith('.expunged')
    if (expunged && spoolIsNewer) {
      if (!dry) expungeRecords(shop, mailbox, [{ first: finding.uid, last: finding.uid }])
      return [`uid ${finding.uid} was expunged after the checkpoint`]
    }
    if (!dry && !existsSync(finding.should)) renameSync(finding.path, finding.should)
    return [`${finding.path} is ${finding.should}`]
  }
  if (finding.kind !== 'altered') return []
  const line = describeFinding(finding)
  if (dry || altered === 'report') return [`${line}: -R takes it as a new message, -U moves it to quarantine`]
  if (altered === 'newMessage') return acceptAltered(shop, mailbox, finding)
  const to = quarantineFrom(shop, mailbox, finding.path)
  expungeRecords(shop, mailbox, [{ first: finding.uid, last: finding.uid }])
  return [`${line}: it is now ${to}, and the message is expunged`]
}

function acceptAltered(shop: Settlement, mailbox: MailboxId, finding: SpoolFinding & { kind: 'altered' }): string[] {
  const aside = `${finding.path}altered`
  renameSync(finding.path, aside)
  expungeRecords(shop, mailbox, [{ first: finding.uid, last: finding.uid }])
  const next = shop.environment.read(() => shop.tables.counts.get({ mailbox, sub: undefined })?.uidNext ?? finding.uid)
  const [done] = adoptFiles(shop, mailbox, [{ uid: next as Uid, path: aside, form: 'live' }])
  return [`${describeFinding(finding)}: it is now uid ${done?.kind === 'adopted' ? done.uid : '?'}`]
}

/** cyrus.header says what the index says, and the index gives out nothing that the header has seen given out. */
function mendHeader(shop: Settlement, mailbox: MailboxId, { dry }: ReconstructOptions): string[] {
  const { config, environment, tables } = shop
  const entry = environment.read(() => tables.mailboxes.get(mailbox))
  if (!entry || entry.moving) return []
  const path = join(directoriesOf(config, entry)[0] ?? '', headerFile)
  const file = existsSync(path) ? readHeader(readFileSync(path)) : undefined
  const own = file?.kind === 'whole' && file.header.uniqueId === entry.uniqueId ? file.header : undefined
  if (own) raiseFloors(shop, mailbox, own)
  if (own?.version === entry.version) return []
  if (!dry) writeHeader(shop, mailbox)
  if (!file) return [`${path} is missing`]
  return [file.kind === 'damaged' ? `${path} is damaged: ${file.reason}` : `${path} is not that of the index`]
}

function raiseFloors(
  { environment, tables }: Settlement,
  mailbox: MailboxId,
  { uidNext, highestModSeq }: { uidNext: Uid; highestModSeq: ModSeq },
): void {
  const key = { mailbox, sub: undefined }
  const low = () => {
    const counts = tables.counts.get(key)
    return counts && (counts.uidNext < uidNext || counts.highestModSeq < highestModSeq) ? counts : undefined
  }
  if (!environment.read(low)) return
  environment.write(() => {
    const counts = low()
    if (counts)
      tables.counts.put(key, {
        ...counts,
        uidNext: Math.max(counts.uidNext, uidNext) as Uid,
        highestModSeq: Math.max(counts.highestModSeq, highestModSeq) as ModSeq,
      })
  })
}
