/** The tables of an open index environment, each by its name. */
import type { Environment } from '../db/environment.js'
import type { Table } from '../db/table.js'
import { tables } from './tables.js'

type Declared = typeof tables
export type Tables = {
  readonly [Name in keyof Declared]: Declared[Name] extends {
    readonly key: { encode(key: infer Key): Buffer }
    readonly value: { encode(value: infer Value): Buffer }
  }
    ? Table<Key, Value>
    : never
}

export function openTables(environment: Environment): Tables {
  const opened = Object.entries(tables).map(([name, declaration]) => [name, environment.table(declaration as never)])
  return Object.fromEntries(opened) as Tables
}
