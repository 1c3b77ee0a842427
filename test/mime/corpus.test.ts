/** ENVELOPE, BODY, BODYSTRUCTURE and sections of the ugly messages are those that Debian's Cyrus 3.6 gives, to the octet. */
import { expect } from 'chai'
import { bodyStructureWire, bodyWire } from '../../src/mime/body-wire.js'
import { envelopeWire } from '../../src/mime/envelope-wire.js'
import { fieldNames, selectFields } from '../../src/mime/header.js'
import { type SectionKind, sectionOctets } from '../../src/mime/sections.js'
import { scan } from '../../src/mime/structure.js'
import { makeView } from '../../src/mime/view.js'
import {
  type Answers,
  corpusMessage,
  corpusNames,
  expectedAnswers,
  expectedSections,
  recordedSections,
} from './corpus.js'

/** Messages whose answers are not those of Cyrus, each with the reason. Empty: there is none. */
const differences: ReadonlyMap<string, string> = new Map([])

const hiddenText = 'Cyrus hides the text of a multipart without parts; BODY[TEXT] here is what follows the header'
/** Sections that are not those of Cyrus, each with the reason. */
const sectionDifferences: ReadonlyMap<string, string> = new Map([
  ['structure-011 TEXT', hiddenText],
  ['structure-031 TEXT', hiddenText],
  ['structure-042 TEXT', hiddenText],
  ['structure-043 TEXT', hiddenText],
  ['structure-058 TEXT', hiddenText],
  ['structure-064 TEXT', hiddenText],
  ['structure-082 TEXT', hiddenText],
  ['structure-091 TEXT', hiddenText],
  ['structure-109 TEXT', hiddenText],
  ['structure-110 TEXT', hiddenText],
  ['structure-144 1.TEXT', hiddenText],
  ['structure-148 1.TEXT', hiddenText],
])

describe('mime corpus', () => {
  const expected = expectedAnswers()

  it('has an answer for every message', () => {
    expect(expected.map(({ name }) => name)).to.deep.equal(corpusNames())
    expect(expected.length).to.be.greaterThan(300)
  })

  const kinds = [...new Set(expected.map(({ name }) => name.replace(/-\d+$/, '')))]
  for (const kind of kinds)
    it(`${kind}: as Cyrus answers`, () => {
      for (const answers of expected)
        if (answers.name.startsWith(kind) && !differences.has(answers.name)) compare(answers)
    })

  it('sections: as Cyrus answers', () => {
    const different: string[] = []
    for (const { name, sections } of expectedSections()) {
      const view = makeView(corpusMessage(name))
      recordedSections.forEach((section, index) => {
        if (sectionText(view, section) !== sections[index]) different.push(`${name} ${section}`)
      })
    }
    expect(different).to.deep.equal([...sectionDifferences.keys()])
  })
})

/** BODY[section], null for NIL. */
function sectionText(view: Buffer, section: string): string | null {
  const [, numbers = '', kind = '', names] = /^([0-9.]*?)\.?([A-Z.]*)(?: \((.*)\))?$/.exec(section) ?? []
  const path = numbers === '' ? [] : numbers.split('.').map(Number)
  const octets = sectionOctets(scan(view), { path, text: kind as SectionKind, size: view.length })
  if (!octets) return null
  if (names === undefined) return view.toString('latin1', octets.start, octets.end)
  const keep = kind === 'HEADER.FIELDS' ? 'named' : 'others'
  return selectFields(view, octets, { names: fieldNames(names.split(' ')), keep }).toString('latin1')
}

function compare({ name, envelope, body, bodyStructure }: Answers): void {
  const view = makeView(corpusMessage(name))
  const structure = scan(view)
  expect(envelopeWire(view, structure).toString('latin1'), `${name} ENVELOPE`).to.equal(envelope)
  expect(bodyWire(view, structure).toString('latin1'), `${name} BODY`).to.equal(body)
  expect(bodyStructureWire(view, structure).toString('latin1'), `${name} BODYSTRUCTURE`).to.equal(bodyStructure)
}
