/**
 * The benchmark: node dist/bench/main.js [--quick] [--against angarium,cyrus] [--only deliver-10,fetch] [--runs N] [--write FILE]
 * Starts each make of server in a private directory (as root, with Debian's packages there), gives each the same work in
 * turn (A B A B …), and prints medians as a Markdown table; --write appends it to a file (docs/performance.md).
 */
import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Make } from '../test/support/server-under-test.js'
import { fill, measures, type Row, reading, type Scale } from './measures.js'
import { circumstances, type Runs, table } from './report.js'
import { Subject } from './subject.js'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    against: { type: 'string', default: 'angarium,cyrus' },
    only: { type: 'string' },
    runs: { type: 'string' },
    write: { type: 'string' },
  },
})

const scale: Scale = values.quick
  ? { duration: 1_000, messages: 5_000, idlers: 100 }
  : { duration: 3_000, messages: 20_000, idlers: 1_000 }
const times = Number(values.runs ?? (values.quick ? 1 : 3))
const chosen = values.only?.split(',') ?? Object.keys(measures)
const unknown = chosen.filter((name) => !measures[name])
if (unknown.length > 0) {
  process.stderr.write(`no such measure: ${unknown.join(', ')}; there are ${Object.keys(measures).join(', ')}\n`)
  process.exit(64)
}

const before = circumstances()
const subjects: Subject[] = []
try {
  for (const make of values.against.split(',')) subjects.push(await Subject.start(make as Make))
  if (chosen.some((name) => reading.includes(name))) for (const subject of subjects) await fill(subject, scale)
  const runs: Runs = new Map(subjects.map(({ name }) => [name, []]))
  for (const name of chosen) {
    for (let turn = 0; turn < times; turn++) for (const subject of subjects) await measure(subject, name, runs)
  }
  const title = `## ${new Date().toISOString().slice(0, 16)} UTC, ${scale.messages} messages, ${scale.idlers} idlers, loads of ${scale.duration / 1000} s`
  const text = `${title}\n\n${before}; load afterwards ${circumstances().split('load ')[1]}\n\n${table(runs)}\n`
  process.stdout.write(text)
  if (values.write) appendFileSync(values.write, `\n${text}`)
} finally {
  for (const subject of subjects) await subject.remove()
}

async function measure(subject: Subject, name: string, runs: Runs): Promise<void> {
  const rows: Row[] = (await measures[name]?.(subject, scale)) ?? []
  runs.get(subject.name)?.push(rows)
  for (const row of rows) process.stderr.write(`${subject.name} ${row.measure}: ${row.value.toFixed(2)} ${row.unit}\n`)
}
