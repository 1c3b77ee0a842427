/** What settling works with, and what it is asked to do. */
import type { Environment } from '../../db/environment.js'
import type { StoreConfig } from '../config.js'
import type { Tables } from '../open-tables.js'
import type { SafePlace } from '../spool/safe-place.js'
import type { Debt, Task } from '../tables.js'
import type { MailboxId, Uid } from '../types.js'

export interface Settlement {
  readonly config: StoreConfig
  readonly environment: Environment
  readonly tables: Tables
  /** Tells of what went wrong or was mended: one line, naming the object. */
  readonly report: (line: string) => void
  /** Told of each message whose bytes are at hand, to fill the cache. */
  readonly scanned: (message: { mailbox: MailboxId; uid: Uid; bytes: Buffer }) => void
}

export type Work =
  | {
      readonly kind: 'unpack'
      readonly bytes: Buffer
      readonly place: SafePlace
      readonly internalDate: number
      readonly copies: readonly { readonly mailbox: MailboxId; readonly uid: Uid }[]
    }
  | { readonly kind: 'task'; readonly debt: number; readonly task: Task }
  | { readonly kind: 'retire'; readonly segment: number }

/** `later`: something else must happen first. */
export type Settled = 'done' | 'later'

/** Removes the row of a debt that has been paid; a row with the same number for something else stays. In a transaction. */
export function strikeOut(tables: Tables, { debt, task }: { debt: number; task: Task }): void {
  const row: Debt | undefined = tables.debts.get(debt)
  if (row && JSON.stringify(row.task) === JSON.stringify(task)) tables.debts.remove(debt)
}
