/** The session's own numbers against a model that is too simple to be wrong: a plain list of UIDs. */
import { expect } from 'chai'
import fc from 'fast-check'
import { SelectedMailbox } from '../../../src/services/imapd/selected.js'
import type { Mailbox, UidRange } from '../../../src/store/types.js'
import { eachUid } from '../../../src/store/uid-ranges.js'
import { rangesOf, STAR } from '../../../src/syntax/imap/sequence-set.js'

const mailbox = { id: 1, name: 'user.fred', uidValidity: 7, highestModSeq: 1, keywords: [], recentUid: 0 }

function rangesFor(uids: readonly number[]): readonly UidRange[] {
  return rangesOf(uids) as unknown as UidRange[]
}

function select(uids: readonly number[]): SelectedMailbox {
  const uidNext = (uids[uids.length - 1] ?? 0) + 1
  return new SelectedMailbox({
    mailbox: { ...mailbox, uidNext } as unknown as Mailbox,
    uids: rangesFor(uids),
    readOnly: false,
  })
}

function expectNumbers(selected: SelectedMailbox, model: readonly number[]): void {
  expect(selected.exists).equal(model.length)
  model.forEach((uid, at) => {
    expect(selected.numberOf(uid)).equal(at + 1)
    expect(selected.uidOf(at + 1)).equal(uid)
  })
  expect(selected.uidOf(0)).equal(undefined)
  expect(selected.uidOf(model.length + 1)).equal(undefined)
  expect([...eachUid(selected.uids)]).to.deep.equal(model)
}

const uidList = fc
  .uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 30 })
  .map((uids) => uids.sort((a, b) => a - b))

describe('services/imapd/selected', () => {
  it('numbers messages from 1, by UID', () => {
    fc.assert(fc.property(uidList, (uids) => expectNumbers(select(uids), uids)))
  })

  it('knows no number of a UID that is not there', () => {
    fc.assert(
      fc.property(uidList, fc.integer({ min: 0, max: 80 }), (uids, uid) => {
        expect(select(uids).numberOf(uid)).equal(uids.indexOf(uid) + 1)
      }),
    )
  })

  it('stands still while others expunge and append, until it is told', () => {
    fc.assert(
      fc.property(uidList, fc.array(fc.nat(), { maxLength: 10 }), fc.nat({ max: 5 }), (uids, victims, added) => {
        const selected = select(uids)
        const gone = new Set(victims.map((at) => uids[at % Math.max(1, uids.length)]))
        const highest = uids[uids.length - 1] ?? 0
        const fresh = Array.from({ length: added }, (_, at) => highest + 1 + at)
        const live = [...uids.filter((uid) => !gone.has(uid)), ...fresh]
        const found = selected.compare(rangesFor(live))
        expectNumbers(selected, uids)
        expect([...eachUid(found.gone)]).to.deep.equal(uids.filter((uid) => gone.has(uid)))
        expect([...eachUid(found.appended)]).to.deep.equal(fresh)
        selected.add(found.appended, { ...mailbox, uidNext: highest + added + 1 } as unknown as Mailbox)
        expectNumbers(selected, [...uids, ...fresh])
        selected.forget(found.gone)
        expectNumbers(selected, live)
        expect(selected.compare(rangesFor(live))).to.deep.equal({ gone: [], appended: [] })
      }),
    )
  })

  const resolve = (uids: readonly number[], set: readonly [number, number][], by: 'number' | 'uid'): number[] => {
    const ranges = set.map(([first, last]) => ({ first, last }))
    return [...eachUid(select(uids).resolve(ranges, by))]
  }
  const examples: readonly [
    string,
    readonly number[],
    readonly [number, number][],
    'number' | 'uid',
    readonly number[],
  ][] = [
    ['2:3', [5, 7, 9], [[2, 3]], 'number', [7, 9]],
    ['3:2', [5, 7, 9], [[3, 2]], 'number', [7, 9]],
    ['*', [5, 7, 9], [[STAR, STAR]], 'number', [9]],
    ['2:*', [5, 7, 9], [[2, STAR]], 'number', [7, 9]],
    ['9', [5, 7, 9], [[9, 9]], 'number', []],
    ['2:9', [5, 7, 9], [[2, 9]], 'number', [7, 9]],
    ['1:*', [], [[1, STAR]], 'number', []],
    ['UID 6:8', [5, 7, 9], [[6, 8]], 'uid', [7]],
    ['UID 100:*', [5, 7, 9], [[100, STAR]], 'uid', [9]],
    ['UID *', [], [[STAR, STAR]], 'uid', []],
    ['UID 1:4294967295', [5, 7, 9], [[1, 4294967295]], 'uid', [5, 7, 9]],
  ]
  for (const [name, uids, set, by, expected] of examples) {
    it(`${name} of ${JSON.stringify(uids)} means ${JSON.stringify(expected)}`, () => {
      expect(resolve(uids, set, by)).to.deep.equal(expected)
    })
  }

  it('keeps the saved result within what is there', () => {
    const selected = select([1, 2, 3])
    selected.saved = rangesFor([1, 3])
    selected.forget(rangesFor([3]))
    expect([...eachUid(selected.resolve('saved', 'uid'))]).to.deep.equal([1])
  })

  it('counts as recent what no session has been told of', () => {
    const selected = new SelectedMailbox({
      mailbox: { ...mailbox, uidNext: 4, recentUid: 2 } as unknown as Mailbox,
      uids: rangesFor([1, 2, 3]),
      readOnly: false,
    })
    expect(selected.recent).equal(1)
    selected.add(rangesFor([4, 5]), { ...mailbox, uidNext: 6, recentUid: 4 } as unknown as Mailbox)
    expect(selected.recent).equal(2)
    expect([1, 2, 3, 4, 5].map((uid) => selected.isRecent(uid as never))).to.deep.equal([
      false,
      false,
      true,
      false,
      true,
    ])
  })
})
