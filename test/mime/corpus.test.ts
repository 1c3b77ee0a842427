/** ENVELOPE, BODY and BODYSTRUCTURE of the ugly messages are those that Debian's Cyrus 3.6 gives, to the octet. */
import { expect } from 'chai'
import { bodyStructureWire, bodyWire } from '../../src/mime/body-wire.js'
import { envelopeWire } from '../../src/mime/envelope-wire.js'
import { scan } from '../../src/mime/structure.js'
import { makeView } from '../../src/mime/view.js'
import { type Answers, corpusMessage, corpusNames, expectedAnswers } from './corpus.js'

/** Messages whose answers are not those of Cyrus, each with the reason. Empty: there is none. */
const differences: ReadonlyMap<string, string> = new Map([])

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
})

function compare({ name, envelope, body, bodyStructure }: Answers): void {
  const view = makeView(corpusMessage(name))
  const structure = scan(view)
  expect(envelopeWire(view, structure).toString('latin1'), `${name} ENVELOPE`).to.equal(envelope)
  expect(bodyWire(view, structure).toString('latin1'), `${name} BODY`).to.equal(body)
  expect(bodyStructureWire(view, structure).toString('latin1'), `${name} BODYSTRUCTURE`).to.equal(bodyStructure)
}
