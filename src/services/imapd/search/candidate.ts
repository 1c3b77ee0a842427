/** A message that is being looked at, and the tests a search makes of it. */
import type { MessageRecord } from '../../../store/message-record.js'
import type { MessageText } from '../message-text.js'

export interface Candidate {
  readonly record: MessageRecord
  /** System flags as bits, \Seen being the user's. */
  readonly flags: number
  readonly recent: boolean
  readonly modSeq: number
  readonly text: MessageText
}

export interface MessageTest {
  /** 0: the record is enough; 1: the header; 2: the whole message. */
  readonly cost: 0 | 1 | 2
  readonly holds: (candidate: Candidate) => boolean
}
