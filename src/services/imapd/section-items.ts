/** BODY[section]<partial> and the RFC822 items that are old names for some of them. RFC 9051 §6.4.5 */

import { type FieldNames, fieldNames, selectFields } from '../../mime/header.js'
import { areCached } from '../../mime/header-cache.js'
import { sectionOctets } from '../../mime/sections.js'
import { type Partial, type Section, writeSection } from '../../syntax/imap/section.js'
import { literalHead } from '../../syntax/imap/string.js'
import type { Pieces } from './answers.js'
import type { FetchedMessage, ItemWriter } from './fetched-message.js'

/** `name`: BODY, or the old name, which has no section in its answer. */
export function sectionItem(name: string, { section, partial }: { section: Section; partial?: Partial }): ItemWriter {
  const origin = partial === undefined ? '' : `<${partial.offset}>`
  const label = name === 'BODY' ? `BODY${writeSection(section)}${origin} ` : `${name} `
  const content = contentOf(section)
  return (message, out) => {
    out.text(label)
    writeContent(cut(content(message), partial), out)
  }
}

function writeContent(content: Buffer | undefined, out: Pieces): void {
  if (content === undefined) out.text('NIL')
  else if (content.length === 0) out.text('""')
  else {
    out.text(literalHead(content.length))
    out.bytes(content)
  }
}

/** The octets that a partial asks for; none when it begins beyond the end. */
export function cut(content: Buffer | undefined, partial: Partial | undefined): Buffer | undefined {
  if (content === undefined || partial === undefined) return content
  return content.subarray(partial.offset, partial.offset + partial.length)
}

function contentOf(section: Section): (message: FetchedMessage) => Buffer | undefined {
  const { path, text, fields } = section
  if (path.length === 0 && text === '') return ({ text: message }) => message.bytes
  if (path.length === 0 && text === 'HEADER') return headerOf
  if (text !== 'HEADER.FIELDS' && text !== 'HEADER.FIELDS.NOT') return (message) => octetsOf(message, section)
  const names = fieldNames(fields)
  const keep = text === 'HEADER.FIELDS' ? 'named' : 'others'
  if (path.length === 0 && keep === 'named' && areCached(fields)) return (message) => cachedFields(message, names)
  return (message) => {
    const header = path.length === 0 ? headerOf(message) : octetsOf(message, section)
    return header && selectFields(header, { start: 0, end: header.length }, { names, keep })
  }
}

function octetsOf(message: FetchedMessage, section: Section): Buffer | undefined {
  const { bytes } = message.text
  const octets = sectionOctets(message.cached().layout, { ...section, size: bytes.length })
  return octets && bytes.subarray(octets.start, octets.end)
}

/** The whole header, blank line included; the cache keeps only some fields. */
function headerOf(message: FetchedMessage): Buffer {
  return message.text.bytes.subarray(0, message.cached().layout.headerEnd)
}

function cachedFields(message: FetchedMessage, names: FieldNames): Buffer {
  const header = message.cached().header ?? headerOf(message)
  return selectFields(header, { start: 0, end: header.length }, { names, keep: 'named' })
}
