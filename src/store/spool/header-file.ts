// cyrus.header: what a mailbox is, in a small text file beside its messages, for the day when the index is lost.
import { crc32 } from 'node:zlib'
import { formatAcl, readAcl } from '../acl.js'
import { type InternalName, readInternalName } from '../mailbox-name.js'
import type { MailboxCounts, MailboxEntry, MailboxId, ModSeq, Uid } from '../types.js'

/**
 * Everything of a mailbox that message files do not tell. `uidNext` and `highestModSeq` are those of the moment of writing:
 * floors, below which nothing may be given out again.
 */
export type MailboxHeader = Pick<
  MailboxEntry,
  | 'id'
  | 'name'
  | 'uniqueId'
  | 'uidValidity'
  | 'partition'
  | 'acl'
  | 'quotaRoot'
  | 'keywords'
  | 'specialUse'
  | 'createdAt'
  | 'createdModSeq'
  | 'version'
  | 'sharedSeen'
  | 'pop3ShowAfter'
> &
  Pick<MailboxCounts, 'uidNext' | 'highestModSeq'>

/** What a damaged file still says. Never the ACL: a right must not come out of damage. */
export type Salvage = Partial<Pick<MailboxHeader, 'name' | 'uniqueId' | 'uidValidity'>>

export type HeaderFile =
  | { readonly kind: 'whole'; readonly header: MailboxHeader }
  /** A later version of this server wrote it. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged'; readonly reason: string; readonly salvage: Salvage }

const formatVersion = 1
const firstLine = 'angarium mailbox header'
/** Longest file that is looked at, octets: 128 keywords and an ACL of 32 KB fit many times over. */
export const maxHeaderSize = 256 * 1024

/**
 * The file's text. Lines end with LF; the first names the format, the last holds the CRC-32 of all before it. Octets outside
 * 0x21-0x7e, and "%", are written %HH in words that users choose.
 */
export function formatHeader(header: MailboxHeader): string {
  const lines = [
    `${firstLine} ${formatVersion}`,
    `name ${word(header.name)}`,
    `id ${header.id}`,
    `uniqueid ${header.uniqueId}`,
    `uidvalidity ${header.uidValidity}`,
    `uidnext ${header.uidNext}`,
    `highestmodseq ${header.highestModSeq}`,
    `partition ${word(header.partition)}`,
    ...(header.quotaRoot === undefined ? [] : [`quotaroot ${word(header.quotaRoot)}`]),
    ...readAcl(header.acl).map(({ identifier, rights }) => `acl ${word(identifier)} ${rights}`),
    ...header.keywords.map((keyword) => `keyword ${word(keyword)}`),
    ...header.specialUse.map((attribute) => `specialuse ${word(attribute)}`),
    `created ${header.createdAt}`,
    `createdmodseq ${header.createdModSeq}`,
    `version ${header.version}`,
    `sharedseen ${header.sharedSeen ? 'yes' : 'no'}`,
    `pop3showafter ${header.pop3ShowAfter}`,
  ]
  const text = `${lines.join('\n')}\n`
  return `${text}crc ${checksum(text)}\n`
}

/** Reads the file's bytes. Never throws. */
export function readHeader(bytes: Buffer): HeaderFile {
  const text = bytes.toString('latin1')
  const version = new RegExp(`^${firstLine} ([0-9]{1,9})\n`).exec(text)?.[1]
  if (bytes.length > maxHeaderSize) return damaged('too long', '')
  if (version === undefined) return damaged(bytes.length === 0 ? 'empty' : 'no mailbox header', text)
  if (Number(version) > formatVersion) return { kind: 'newer', version: Number(version) }
  const end = text.lastIndexOf('\ncrc ') + 1
  if (text.slice(end) !== `crc ${checksum(text.slice(0, end))}\n`) return damaged('wrong checksum', text)
  const header = fromLines(readLines(text.slice(0, end)))
  return header ? { kind: 'whole', header } : damaged('a line is missing or wrong', text)
}

function checksum(text: string): string {
  return crc32(Buffer.from(text, 'latin1')).toString(16).padStart(8, '0')
}

function damaged(reason: string, text: string): HeaderFile {
  const lines = readLines(text)
  const [name, uniqueId, uidValidity] = [readName(lines, 'name'), readUniqueId(lines), readNumber(lines, 'uidvalidity')]
  const salvage = {
    ...(name === undefined ? {} : { name }),
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...(uidValidity ? { uidValidity } : {}),
  }
  return { kind: 'damaged', reason, salvage }
}

type Lines = ReadonlyMap<string, readonly string[]>

/** The values behind each keyword, in order. */
function readLines(text: string): Lines {
  const lines = new Map<string, string[]>()
  for (const line of text.split('\n').slice(1)) {
    const space = line.indexOf(' ')
    if (space <= 0) continue
    const key = line.slice(0, space)
    const values = lines.get(key)
    if (values) values.push(line.slice(space + 1))
    else lines.set(key, [line.slice(space + 1)])
  }
  return lines
}

function fromLines(lines: Lines): MailboxHeader | undefined {
  const name = readName(lines, 'name')
  const uniqueId = readUniqueId(lines)
  const partition = unword(lines.get('partition')?.[0])
  const quotaRoot = readName(lines, 'quotaroot')
  const numbers = [
    'id',
    'uidvalidity',
    'uidnext',
    'highestmodseq',
    'created',
    'createdmodseq',
    'version',
    'pop3showafter',
  ].map((key) => readNumber(lines, key))
  const acl = (lines.get('acl') ?? []).map((entry) => entry.split(' '))
  const words = [...(lines.get('keyword') ?? []), ...(lines.get('specialuse') ?? [])].map(unword)
  if (name === undefined || uniqueId === undefined || partition === undefined) return undefined
  if (lines.has('quotaroot') && quotaRoot === undefined) return undefined
  if (acl.some((entry) => entry.length !== 2) || words.includes(undefined)) return undefined
  const [id, uidValidity, uidNext, highestModSeq, createdAt, createdModSeq, version, pop3ShowAfter] = numbers
  if (id === undefined || uidValidity === undefined || uidNext === undefined || highestModSeq === undefined)
    return undefined
  if (createdAt === undefined || createdModSeq === undefined) return undefined
  if (version === undefined || pop3ShowAfter === undefined) return undefined
  return {
    id: id as MailboxId,
    name,
    uniqueId,
    uidValidity,
    uidNext: uidNext as Uid,
    highestModSeq: highestModSeq as ModSeq,
    partition,
    quotaRoot,
    acl: formatAcl(acl.map(([identifier, rights = '']) => ({ identifier: unword(identifier) ?? '', rights }))),
    keywords: (lines.get('keyword') ?? []).map((keyword) => unword(keyword) ?? ''),
    specialUse: (lines.get('specialuse') ?? []).map((attribute) => unword(attribute) ?? ''),
    createdAt,
    createdModSeq: createdModSeq as ModSeq,
    version,
    sharedSeen: lines.get('sharedseen')?.[0] === 'yes',
    pop3ShowAfter,
  }
}

function readName(lines: Lines, key: string): InternalName | undefined {
  const text = unword(lines.get(key)?.[0])
  return text === undefined ? undefined : readInternalName(text)
}

function readUniqueId(lines: Lines): string | undefined {
  const text = lines.get('uniqueid')?.[0]
  return text !== undefined && /^[0-9a-f-]{8,64}$/i.test(text) ? text : undefined
}

/** A whole number below 2^53. */
function readNumber(lines: Lines, key: string): number | undefined {
  const text = lines.get(key)?.[0]
  if (text === undefined || !/^[0-9]{1,16}$/.test(text)) return undefined
  return Number.isSafeInteger(Number(text)) ? Number(text) : undefined
}

/** A user's word as one word of printable ASCII; an empty one as "%". */
function word(text: string): string {
  if (text === '') return '%'
  let out = ''
  for (const octet of Buffer.from(text))
    out +=
      octet > 0x20 && octet < 0x7f && octet !== 0x25
        ? String.fromCharCode(octet)
        : `%${octet.toString(16).padStart(2, '0')}`
  return out
}

function unword(text: string | undefined): string | undefined {
  if (text === undefined || text === '' || text === '%') return text === '%' ? '' : undefined
  if (!/^(?:[!-$&-~]|%[0-9a-f]{2})*$/.test(text)) return undefined
  return Buffer.from(
    text.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
}
