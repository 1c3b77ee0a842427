/** What a command is, and how its arguments and its state are checked before it runs. */
import { Bad } from '../../syntax/imap/bad.js'
import type { Reader } from '../../syntax/imap/reader.js'
import type { Run } from './answers.js'
import type { ImapClient, SessionIn } from './session-context.js'
import type { StateName } from './state.js'

/** Which news of the selected mailbox may be told with the command's answer. RFC 9051 §7.5.1 */
export type NewsAllowed =
  /** Everything. */
  | 'all'
  /** No EXPUNGE: the command speaks of sequence numbers. */
  | 'noExpunge'
  /** Nothing: the mailbox is being left, or the command tells the news itself. */
  | 'none'

export interface Command {
  /** Upper case; `UID FETCH` is one name. */
  readonly name: string
  readonly state: StateName
  readonly news: NewsAllowed
  /** Reads the arguments (throws Bad) and gives back what runs the command. */
  prepare(input: Reader, session: SessionIn<'any'>): () => Run
}

interface Specification<State extends StateName, Arguments> {
  readonly name: string
  readonly state: State
  readonly news?: NewsAllowed
  /** The cursor stands after the command's name; the end of the command is checked after it. */
  args(input: Reader, client: ImapClient): Arguments
  run(session: SessionIn<State>, args: Arguments): Run
}

/** A row of the command table. */
export function command<const State extends StateName, Arguments>(spec: Specification<State, Arguments>): Command {
  return {
    name: spec.name,
    state: spec.state,
    news: spec.news ?? 'all',
    prepare(input, session) {
      const admitted = admit(spec.state, session)
      const args = spec.args(input, session.client)
      input.end()
      return () => spec.run(admitted as SessionIn<State>, args)
    },
  }
}

/** The session as the state's commands see it; throws Bad when it is in another state. RFC 9051 §3 */
function admit(state: StateName, session: SessionIn<'any'>): SessionIn<'any'> {
  if (state === 'authenticated' && session.user === undefined) throw new Bad('Please login first')
  if (state === 'selected' && session.user === undefined) throw new Bad('Please login first')
  if (state === 'selected' && session.mailbox === undefined) throw new Bad('Please select a mailbox first')
  if (state === 'notAuthenticated' && session.user !== undefined) throw new Bad('Already logged in')
  return session
}

/** For commands without arguments. */
export function noArguments(): undefined {
  return undefined
}
