/** What is written for the wire is always well-formed, whatever the message. RFC 9051 §9 */
import { expect } from 'chai'
import fc from 'fast-check'
import { bodyStructureWire, bodyWire } from '../../src/mime/body-wire.js'
import { envelopeWire } from '../../src/mime/envelope-wire.js'
import { headerCache } from '../../src/mime/header-cache.js'
import { layoutOf, packLayout, unpackLayout } from '../../src/mime/layout.js'
import { previewText } from '../../src/mime/preview.js'
import { needleOf, textMatches } from '../../src/mime/search-text.js'
import { scan } from '../../src/mime/structure.js'
import { isClean, makeView } from '../../src/mime/view.js'
import { newWire, putNstring, wireBytes } from '../../src/mime/wire.js'
import { fuzzRuns } from '../support/fuzz.js'
import { corpusMessage, corpusNames } from './corpus.js'

type Value = string | undefined | Value[]

/** A strict reader of lists of nstrings, numbers and lists. */
function readValue(text: string, start = 0): { value: Value; end: number } {
  if (text[start] === '(') {
    const list: Value[] = []
    let at = start + 1
    while (text[at] !== ')') {
      const item = readValue(text, at)
      list.push(item.value)
      at = item.end
      if (text[at] === ' ') at++
      else if (text[at] !== ')' && !(text[at] === '(' && text[at - 1] === ')'))
        throw new Error(`unexpected ${text.slice(at, at + 20)}`)
    }
    return { value: list, end: at + 1 }
  }
  const simple = /^(?:NIL|\d+|"[^"\\\r\n\0\x80-\xff]*")/.exec(text.slice(start, start + 1100))
  if (simple) {
    const [token] = simple
    return { value: token === 'NIL' ? undefined : token.replace(/^"|"$/g, ''), end: start + token.length }
  }
  const literal = /^\{(\d+)\}\r\n/.exec(text.slice(start, start + 20))
  if (!literal) throw new Error(`unexpected ${text.slice(start, start + 20)}`)
  const from = start + literal[0].length
  return { value: text.slice(from, from + Number(literal[1])), end: from + Number(literal[1]) }
}

function readWhole(wire: Buffer): Value {
  const text = wire.toString('latin1')
  const { value, end } = readValue(text)
  expect(end).to.equal(text.length)
  return value
}

/** Everything that is done with a message that arrives. */
function digest(stored: Buffer): void {
  const view = makeView(stored)
  expect(isClean(view)).to.equal(true)
  const structure = scan(view)
  const envelope = readWhole(envelopeWire(view, structure))
  expect(envelope).to.have.length(10)
  readWhole(bodyWire(view, structure))
  readWhole(bodyStructureWire(view, structure))
  const layout = layoutOf(view, structure)
  expect(unpackLayout(packLayout(layout))).to.deep.equal(layout)
  headerCache(view, { start: 0, end: structure.headerEnd })
  previewText(view, layout)
  textMatches(view, layout, needleOf('no such words'))
}

describe('mime wire', () => {
  it('writes strings that read back the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500, size: 'max' }), (octets) => {
        const text = Buffer.from(octets).toString('latin1')
        const wire = newWire(8)
        putNstring(wire, text)
        expect(readWhole(wireBytes(wire))).to.equal(text)
      }),
    )
  })

  it('is well-formed for the whole corpus', () => {
    for (const name of corpusNames()) digest(corpusMessage(name))
  })

  it('is well-formed for damaged messages', () => {
    const messages = corpusNames()
      .map(corpusMessage)
      .filter(({ length }) => length < 1000)
    const edit = fc.record({
      message: fc.nat(),
      from: fc.nat(1000),
      to: fc.nat(1000),
      length: fc.nat(40),
      byte: fc.option(fc.nat(255)),
    })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        let bytes: Buffer = messages[(edits[0]?.message ?? 0) % messages.length] as Buffer
        for (const { message, from, to, length, byte } of edits) {
          const other = byte === null ? (messages[message % messages.length] as Buffer) : Buffer.of(byte)
          const at = from % (bytes.length + 1)
          const cut = other.subarray(to % other.length, (to % other.length) + length)
          bytes = Buffer.concat([bytes.subarray(0, at), cut, bytes.subarray(at + (length % 7))])
        }
        digest(bytes)
      }),
      fuzzRuns(1000),
    )
  })
})
