// fetch-att: the data items of FETCH and its macros.

import { Bad } from './bad.js'
import { readListOf } from './list-of.js'
import type { Reader } from './reader.js'
import { type Partial, readBinarySection, readPartial, readSection, type Section } from './section.js'

/** Items that are one word and nothing else. */
const plain = [
  'ENVELOPE',
  'FLAGS',
  'INTERNALDATE',
  'RFC822.HEADER',
  'RFC822.SIZE',
  'RFC822.TEXT',
  'RFC822',
  'BODYSTRUCTURE',
  'UID',
  'MODSEQ',
  'EMAILID',
  'THREADID',
  'SAVEDATE',
] as const

export type FetchAtt =
  | { readonly kind: (typeof plain)[number] | 'BODY' }
  | { readonly kind: 'SECTION'; readonly peek: boolean; readonly section: Section; readonly partial?: Partial }
  | { readonly kind: 'BINARY'; readonly peek: boolean; readonly path: readonly number[]; readonly partial?: Partial }
  | { readonly kind: 'BINARY.SIZE'; readonly path: readonly number[] }
  | { readonly kind: 'PREVIEW'; readonly lazy: boolean }

const macros = new Map<string, readonly FetchAtt[]>([
  ['ALL', [{ kind: 'FLAGS' }, { kind: 'INTERNALDATE' }, { kind: 'RFC822.SIZE' }, { kind: 'ENVELOPE' }]],
  ['FAST', [{ kind: 'FLAGS' }, { kind: 'INTERNALDATE' }, { kind: 'RFC822.SIZE' }]],
  [
    'FULL',
    [{ kind: 'FLAGS' }, { kind: 'INTERNALDATE' }, { kind: 'RFC822.SIZE' }, { kind: 'ENVELOPE' }, { kind: 'BODY' }],
  ],
])

/** "ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")"  RFC 9051 §6.4.5 */
export function readFetchAtts(input: Reader): readonly FetchAtt[] {
  for (const [word, atts] of macros) if (input.acceptWord(word)) return atts
  if (input.peek() !== 0x28) return [readFetchAtt(input)]
  const atts = readListOf(input, readFetchAtt)
  if (atts.length === 0) throw new Bad('Empty list of fetch items')
  return atts
}

function readFetchAtt(input: Reader): FetchAtt {
  if (input.acceptWord('BODY.PEEK[')) return readBodySection(input, true)
  if (input.acceptWord('BODY[')) return readBodySection(input, false)
  if (input.acceptWord('BINARY.PEEK[')) return readBinary(input, true)
  if (input.acceptWord('BINARY.SIZE[')) return { kind: 'BINARY.SIZE', path: readBinarySection(input.back()) }
  if (input.acceptWord('BINARY[')) return readBinary(input, false)
  for (const kind of plain) if (input.acceptWord(kind)) return { kind }
  if (input.acceptWord('BODY')) return { kind: 'BODY' }
  if (input.acceptWord('PREVIEW')) return readPreview(input)
  throw new Bad(`Invalid fetch item ${input.where()}`)
}

function readBodySection(input: Reader, peek: boolean): FetchAtt {
  const section = readSection(input.back())
  const partial = readPartial(input)
  return partial === undefined ? { kind: 'SECTION', peek, section } : { kind: 'SECTION', peek, section, partial }
}

function readBinary(input: Reader, peek: boolean): FetchAtt {
  const path = readBinarySection(input.back())
  const partial = readPartial(input)
  return partial === undefined ? { kind: 'BINARY', peek, path } : { kind: 'BINARY', peek, path, partial }
}

/** "PREVIEW" [SP "(" preview-mod *(SP preview-mod) ")"]  RFC 8970 §6 */
function readPreview(input: Reader): FetchAtt {
  if (input.peek() !== 0x20 || input.peekAt(1) !== 0x28) return { kind: 'PREVIEW', lazy: false }
  input.space()
  const mods = readListOf(input, (each) => each.atom('a preview modifier').toUpperCase())
  if (mods.some((mod) => mod !== 'LAZY')) throw new Bad('Unknown preview modifier')
  return { kind: 'PREVIEW', lazy: true }
}
