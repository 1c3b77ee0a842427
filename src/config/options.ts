/** All options in one table, and the type of what a program gets: a plain object with the options' own names. */
import type { Option, OptionTable } from './option.js'
import { authOptions } from './options/auth.js'
import { deliveryOptions } from './options/delivery.js'
import { imapOptions } from './options/imap.js'
import { limitOptions } from './options/limits.js'
import { logOptions } from './options/log.js'
import { namesOptions } from './options/names.js'
import { pop3Options } from './options/pop3.js'
import { quotaOptions } from './options/quota.js'
import { serverOptions } from './options/server.js'
import { sieveOptions } from './options/sieve.js'
import { tlsOptions } from './options/tls.js'
import { upkeepOptions } from './options/upkeep.js'

const table = {
  ...serverOptions,
  ...logOptions,
  ...namesOptions,
  ...limitOptions,
  ...authOptions,
  ...tlsOptions,
  ...imapOptions,
  ...pop3Options,
  ...deliveryOptions,
  ...sieveOptions,
  ...quotaOptions,
  ...upkeepOptions,
} satisfies OptionTable

export const optionTable: OptionTable = table

type Table = typeof table
type Values = {
  readonly [Name in keyof Table as Table[Name] extends Option<unknown> ? Name : never]: Table[Name] extends Option<
    infer T
  >
    ? T
    : never
}

/** The values of one service: durations in seconds, sizes in bytes, words as lists, paths with {configdirectory} filled in. */
export interface Options extends Values {
  /** partition-NAME: directory by NAME. Never empty, and holds defaultpartition. */
  readonly partitions: ReadonlyMap<string, string>
  /** metapartition-NAME: directory by NAME. */
  readonly metapartitions: ReadonlyMap<string, string>
  /** xlist-NAME: special use by folder name. */
  readonly xlist: ReadonlyMap<string, string>
  /** sasl_NAME by NAME, as written, for those that are not options of ours. */
  readonly sasl: ReadonlyMap<string, string>
}

/** The values when nothing is set; paths still hold {configdirectory}. */
export function defaultValues(): Values {
  const entries = Object.entries<OptionTable[string]>(table).flatMap(([name, entry]) =>
    entry.kind === 'option' ? [[name, entry.unset] as const] : [],
  )
  return Object.fromEntries(entries) as Values
}
