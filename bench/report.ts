/** Turns the rows of all runs into a Markdown table: medians, ranges, and the ratio of the first subject to the second. */
import { cpus, loadavg, release, totalmem } from 'node:os'
import type { Row } from './measures.js'

export type Runs = Map<string, Row[][]>

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** One line a measure and subject. `runs` holds per subject the rows of each run. */
export function table(runs: Runs): string {
  const subjects = [...runs.keys()]
  const names = [...new Set([...runs.values()].flat(2).map(({ measure }) => measure))]
  const head = ['measure', 'server', 'runs', 'median', 'range', 'server CPU ms/op', 'p50 ms', 'p99 ms', 'client CPU']
  const against = subjects.length > 1 ? [`against ${subjects[1]}`] : []
  const lines = [[...head, ...against], [...head, ...against].map(() => '---')]
  for (const name of names) {
    const reference = median(rowsOf(runs, subjects[1] ?? '', name).map(({ value }) => value))
    for (const subject of subjects) {
      const rows = rowsOf(runs, subject, name)
      if (rows.length === 0) continue
      const value = median(rows.map((row) => row.value))
      const cells = [name, subject, String(rows.length), `${figure(value)} ${rows[0]?.unit}`, range(rows)]
      const rest = (['cpu', 'p50', 'p99'] as const).map((key) => optional(rows.map((row) => row[key])))
      const client = optional(rows.map((row) => row.client && row.client * 100))
      const ratio = against.length ? [subject === subjects[0] && reference ? (value / reference).toFixed(2) : ''] : []
      lines.push([...cells, ...rest, client && `${client} %`, ...ratio])
    }
  }
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/** The machine and the moment, for the head of a table. */
export function circumstances(): string {
  const processors = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const load = loadavg().map((value) => value.toFixed(1))
  return `${processors.length} x ${processors[0]?.model ?? 'processor'}, ${memory} GiB, Linux ${release()}, Node ${process.version}, load ${load.join(' ')}`
}

function rowsOf(runs: Runs, subject: string, measure: string): Row[] {
  return (runs.get(subject) ?? []).flat().filter((row) => row.measure === measure)
}

function range(rows: readonly Row[]): string {
  const values = rows.map(({ value }) => value)
  return `${figure(Math.min(...values))}-${figure(Math.max(...values))}`
}

function optional(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined)
  return known.length ? figure(median(known)) : ''
}

function figure(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
