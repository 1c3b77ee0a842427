/** One data item of FETCH each, compiled once per command. RFC 9051 §6.4.5, §7.5.2 */
import { areCached } from '../../mime/header-cache.js'
import { writeDateTime } from '../../syntax/imap/date-time.js'
import type { FetchAtt } from '../../syntax/imap/fetch-att.js'
import { utf8Wire, writeUtf8String } from '../../syntax/imap/string.js'
import { binaryItem, binarySizeItem } from './binary-items.js'
import type { ItemWriter } from './fetched-message.js'
import { emailId, threadId } from './object-id.js'
import { sectionItem } from './section-items.js'

export interface FetchPlan {
  readonly writers: readonly ItemWriter[]
  /** Whether flags are among the items. */
  readonly flags: boolean
  /** Whether reading sets \Seen. RFC 9051 §6.4.5 */
  readonly marksSeen: boolean
  /** Whether envelope, structure or cached header are needed. */
  readonly cached: boolean
  /** Whether the message itself is needed. */
  readonly bytes: boolean
}

/** What to write for each message. `uid`, `modSeq`: the item comes even if it was not asked for. */
export function planFetch(asked: readonly FetchAtt[], { uid, modSeq }: { uid: boolean; modSeq: boolean }): FetchPlan {
  const atts = withImplied(asked, { uid, modSeq })
  return {
    writers: atts.map(itemWriter),
    flags: atts.some(({ kind }) => kind === 'FLAGS'),
    marksSeen: atts.some(marksSeen),
    cached: atts.some(needsCache),
    bytes: atts.some(needsBytes),
  }
}

function withImplied(asked: readonly FetchAtt[], { uid, modSeq }: { uid: boolean; modSeq: boolean }): FetchAtt[] {
  const rest = asked.filter(({ kind }) => kind !== 'UID')
  const first: FetchAtt[] = uid || rest.length < asked.length ? [{ kind: 'UID' }] : []
  const last: FetchAtt[] = modSeq && !asked.some(({ kind }) => kind === 'MODSEQ') ? [{ kind: 'MODSEQ' }] : []
  return [...first, ...rest, ...last]
}

function marksSeen(att: FetchAtt): boolean {
  if (att.kind === 'SECTION' || att.kind === 'BINARY') return !att.peek
  return att.kind === 'RFC822' || att.kind === 'RFC822.TEXT'
}

function needsCache(att: FetchAtt): boolean {
  if (att.kind === 'SECTION') return att.section.path.length > 0 || att.section.text !== ''
  return ['ENVELOPE', 'BODY', 'BODYSTRUCTURE', 'RFC822.HEADER', 'RFC822.TEXT'].includes(att.kind)
}

function needsBytes(att: FetchAtt): boolean {
  if (att.kind === 'SECTION') return !isCachedSection(att)
  return ['RFC822', 'RFC822.HEADER', 'RFC822.TEXT', 'PREVIEW', 'BINARY', 'BINARY.SIZE'].includes(att.kind)
}

/** Header fields that the cache keeps: what clients ask of every message to draw a list. */
function isCachedSection(att: FetchAtt): boolean {
  if (att.kind !== 'SECTION') return false
  const { path, text, fields } = att.section
  return path.length === 0 && text === 'HEADER.FIELDS' && areCached(fields)
}

function itemWriter(att: FetchAtt): ItemWriter {
  switch (att.kind) {
    case 'UID':
      return ({ record }, out) => out.text(`UID ${record.uid}`)
    case 'FLAGS':
      return ({ flags }, out) => out.text(`FLAGS (${flags()})`)
    case 'MODSEQ':
      return ({ modSeq }, out) => out.text(`MODSEQ (${modSeq()})`)
    case 'INTERNALDATE':
      return ({ record }, out) => out.text(`INTERNALDATE ${writeDateTime(record.internalDate * 1000)}`)
    case 'SAVEDATE':
      return ({ record }, out) => out.text(`SAVEDATE ${writeDateTime(record.saveDate * 1000)}`)
    case 'RFC822.SIZE':
      return ({ record }, out) => out.text(`RFC822.SIZE ${record.size}`)
    case 'EMAILID':
      return ({ record }, out) => out.text(`EMAILID (${emailId(record)})`)
    case 'THREADID':
      return ({ record }, out) => out.text(`THREADID (${threadId(record)})`)
    case 'ENVELOPE':
    case 'BODY':
    case 'BODYSTRUCTURE':
      return cachedItem(att.kind)
    case 'RFC822':
      return sectionItem('RFC822', { section: { path: [], text: '', fields: [] } })
    case 'RFC822.HEADER':
      return sectionItem('RFC822.HEADER', { section: { path: [], text: 'HEADER', fields: [] } })
    case 'RFC822.TEXT':
      return sectionItem('RFC822.TEXT', { section: { path: [], text: 'TEXT', fields: [] } })
    case 'SECTION':
      return sectionItem('BODY', att)
    case 'PREVIEW':
      return ({ text }, out) => out.text(`PREVIEW ${writeUtf8String(utf8Wire(text.preview))}`)
    case 'BINARY':
      return binaryItem(att.path, att.partial)
    case 'BINARY.SIZE':
      return binarySizeItem(att.path)
  }
}

function cachedItem(kind: 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE'): ItemWriter {
  const name = `${kind} `
  const field = kind === 'ENVELOPE' ? 'envelope' : kind === 'BODY' ? 'body' : 'bodyStructure'
  return ({ cached }, out) => {
    out.text(name)
    out.bytes(cached()[field])
  }
}
