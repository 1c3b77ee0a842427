/** A message while FETCH writes it, and what writes one item of it. */
import type { MessageRecord } from '../../store/message-record.js'
import type { CachedMessage } from '../../store/store.js'
import type { Pieces } from './answers.js'
import type { MessageText } from './message-text.js'

/** A message while it is being written. */
export interface FetchedMessage {
  readonly record: MessageRecord
  /** flag-list without parentheses. */
  readonly flags: () => string
  readonly modSeq: () => number
  readonly cached: () => CachedMessage
  readonly text: MessageText
}

/** Writes `NAME value`. */
export type ItemWriter = (message: FetchedMessage, out: Pieces) => void
