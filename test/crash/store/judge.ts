/** Judges a store after a crash: what was acknowledged is whole, what was not is whole or absent, nothing disagrees. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { journalDirectory } from '../../../src/store/config.js'
import { liveSegments } from '../../../src/store/journal/segment.js'
import { checkIndex } from '../../../src/store/repair/check-index.js'
import { checkSpool, describeFinding } from '../../../src/store/repair/check-spool.js'
import type { DirectStore } from './direct.js'
import { Model } from './model.js'
import { observe } from './observe.js'
import type { Step } from './program.js'

/** Answers that the model need not expect: a plan is under way, try again. Nothing was changed. */
/** Targets of an append whose mailbox was being moved: as if they had not been named. */
function withoutMoving(step: Step, answer: string): { step: Step; answer: string } {
  if (step.kind !== 'append' || !answer.includes('unavailable')) return { step, answer }
  const words = answer.split(' ').slice(1)
  const kept = step.to.filter((_, index) => words[index] !== 'unavailable')
  return { step: { ...step, to: kept }, answer: ['done', ...words.filter((word) => word !== 'unavailable')].join(' ') }
}

const passing = new Set(['refused unavailable', 'refused inUse'])

/** Notes that a run writes: `begin N`, then `end N ANSWER`. */
export function readNotes(notes: readonly string[]): { answers: Map<number, string>; begun: number } {
  const answers = new Map<number, string>()
  let begun = -1
  for (const note of notes) {
    const [kind, number, ...words] = note.split(' ')
    if (kind === 'begin') begun = Math.max(begun, Number(number))
    if (kind === 'end') answers.set(Number(number), words.join(' '))
  }
  return { answers, begun }
}

/** Compares the store with the model after all acknowledged steps, with or without the one that had only begun. */
export function judge(store: DirectStore, program: readonly Step[], notes: readonly string[]): string[] {
  const { answers, begun } = readNotes(notes)
  const before = new Model()
  const complaints: string[] = []
  for (let number = 0; number <= begun; number++) {
    const named = program[number]
    const said = answers.get(number)
    if (!named || said === undefined || passing.has(said)) continue
    const { step, answer } = withoutMoving(named, said)
    const expected = before.apply(step)
    const words = expected.kind === 'done' ? `done ${expected.answer}`.trimEnd() : `refused ${expected.why}`
    if (words !== answer.trimEnd())
      complaints.push(`step ${number} ${JSON.stringify(step)}: answered "${answer}", not "${words}"`)
  }
  const seen = observe(store)
  const differences = compare(before.dump(), seen)
  const last = program[begun]
  if (differences.length > 0 && last && !answers.has(begun)) {
    before.apply(last)
    const after = compare(before.dump(), seen)
    if (after.length > 0)
      complaints.push(`step ${begun} ${JSON.stringify(last)} is neither whole nor absent`, ...differences, ...after)
  } else complaints.push(...differences)
  return complaints.slice(0, 12)
}

function compare(should: readonly string[], is: readonly string[]): string[] {
  const [wanted, found] = [new Set(should), new Set(is)]
  return [
    ...should.filter((line) => !found.has(line)).map((line) => `missing: ${line}`),
    ...is.filter((line) => !wanted.has(line)).map((line) => `extra: ${line}`),
  ].slice(0, 6)
}

/** What `quota -f`, `reconstruct -n -G` and start-up must find on a store at rest: nothing. */
export function inspect(store: DirectStore): string[] {
  const complaints = checkIndex(store).map(({ about, name, what }) => `${about} ${name}: ${what}`)
  for (const id of store.environment.read(() => [...store.tables.mailboxes.keys()])) {
    const findings = checkSpool(store, id, 'digest')
    if (!findings) complaints.push(`mailbox ${id} is still being moved`)
    else complaints.push(...findings.map(describeFinding))
  }
  const debts = store.environment.read(() => [...store.tables.debts.range()])
  complaints.push(...debts.map(({ value }) => `still owed: ${JSON.stringify(value.task)}`))
  complaints.push(...store.reports.filter((line) => line.includes('ERROR')))
  const journal = journalDirectory(store.config)
  if (existsSync(journal)) complaints.push(...liveSegments(journal).map((one) => `segment ${one} is still there`))
  for (const partition of store.config.partitions.values())
    if (existsSync(join(partition, 'quarantine.'))) complaints.push(`${partition}/quarantine. is not empty`)
  return complaints.slice(0, 12)
}
