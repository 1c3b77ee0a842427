/** What the framer would find in a text: for tests of single rules. */
import { Framer } from '../../../src/syntax/imap/framing.js'
import { Reader } from '../../../src/syntax/imap/reader.js'

/** A reader over one command; each character of `text` is one octet, literals are written as on the wire. */
export function readerOf(text: string): Reader {
  return new Reader(partsOf(text))
}

export function partsOf(text: string): readonly Buffer[] {
  const framer = new Framer({ line: 1 << 20, command: 1 << 24 })
  framer.push(Buffer.from(`${text}\r\n`, 'latin1'))
  for (let framed = framer.next(); framed !== undefined; framed = framer.next()) {
    if (framed.kind === 'command') return framed.parts
    framer.accept()
  }
  return []
}
