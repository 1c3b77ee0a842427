// Where a mailbox's files lie below its partition, and what they are called: the layout that Cyrus calls legacy.

import { componentsOf, domainOf, type InternalName, ownerOf } from '../mailbox-name.js'

/** The imapd.conf options that shape directories. */
export type SpoolLayout = {
  /** A directory of one letter above each user's or top folder's, and above each domain's. */
  readonly hashimapspool: boolean
  /** That letter is a sum over the whole name, A to W, instead of its first letter. */
  readonly fulldirhash: boolean
}

/** Incoming bytes, on the same file system as the mailboxes; no mailbox can have this directory: it ends with a dot. */
export const stageDirectory = 'stage.'
/** What repair moved aside. */
export const quarantineDirectory = 'quarantine.'
/** The text file beside the messages that tells about the mailbox when the index is lost. */
export const headerFile = 'cyrus.header'

/** Directory of a mailbox below its partition: `user/paul/Sent`, `domain/e/example.com/p/user/paul`. No leading slash. */
export function mailboxDirectory(name: InternalName, layout: SpoolLayout): string {
  const components = componentsOf(name)
  const letter = layout.hashimapspool ? `${hashLetter(components[1] ?? components[0] ?? '', layout)}/` : ''
  return domainDirectory(domainOf(name), layout, layout.hashimapspool) + letter + components.join('/')
}

/** Directory of a user's Sieve scripts below `sievedir`: `p/paul`, `domain/e/example.com/p/paul`. Always hashed. */
export function sieveDirectory(name: InternalName, layout: SpoolLayout): string | undefined {
  const local = localPart(name)
  return local && `${domainDirectory(domainOf(name), layout, true)}${hashLetter(local, layout)}/${local}`
}

/** Directory of a user's own files below `configdirectory`: `user/p`, `domain/e/example.com/user/p`. Always hashed. */
export function userDirectory(name: InternalName, layout: SpoolLayout): string | undefined {
  const local = localPart(name)
  return local && `${domainDirectory(domainOf(name), layout, true)}user/${hashLetter(local, layout)}`
}

/** The owner's name without the domain: `john.doe`. */
function localPart(name: InternalName): string | undefined {
  const domain = domainOf(name)
  const owner = ownerOf(name)
  return domain === undefined ? owner : owner?.slice(0, -domain.length - 1)
}

function domainDirectory(domain: string | undefined, layout: SpoolLayout, hashed: boolean): string {
  if (domain === undefined) return ''
  return hashed ? `domain/${hashLetter(domain, layout)}/${domain}/` : `domain/${domain}/`
}

/** Letters that a full hash can give, from "A" on. */
const fullHashSize = 23

/** The letter above a user's, folder's or domain's directory. Only what stands before the first dot counts. */
export function hashLetter(name: string, { fulldirhash }: Pick<SpoolLayout, 'fulldirhash'>): string {
  if (!fulldirhash) return /^[a-z]/i.test(name) ? name.charAt(0).toLowerCase() : 'q'
  let sum = 0
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code === 0x2e || code === 0x5e) break // "." and "^", which stands for it
    sum = ((sum << 3) ^ (sum >>> 5) ^ code) >>> 0
  }
  return String.fromCharCode(0x41 + (sum % fullHashSize))
}

/** File of a live message. */
export function messageFile(uid: number): string {
  return `${uid}.`
}

/** File of an expunged message until it is removed: repair from the spool alone does not take it for a live one. */
export function expungedFile(uid: number): string {
  return `${uid}.expunged`
}

/** What a file in a mailbox's directory is; undefined when it is no message. */
export function readMessageFile(file: string): { uid: number; kind: 'live' | 'expunged' } | undefined {
  const match = /^([1-9][0-9]{0,9})\.(expunged)?$/.exec(file)
  const uid = Number(match?.[1])
  if (match === null || uid > 0xffffffff) return undefined
  return { uid, kind: match[2] === undefined ? 'live' : 'expunged' }
}
