/** LSUB: subscriptions. RFC 3501 §6.3.9 */
import { matchesPattern, maxPatternLength } from '../../../store/list-pattern.js'
import type { View } from '../../../store/view.js'
import { readLsub, writeDelimiter } from '../../../syntax/imap/list.js'
import { encodeModifiedUtf7 } from '../../../syntax/imap/modified-utf7.js'
import { Pieces } from '../answers.js'
import { command } from '../command.js'
import { namesAbove } from '../listed.js'
import { externalWire } from '../names.js'
import type { SessionIn } from '../session-context.js'

export const lsub = command({
  name: 'LSUB',
  state: 'authenticated',
  args: (input, client) => readLsub(input, client.nameForm),
  async *run(session, { reference, pattern }) {
    const { server, client } = session
    const wanted = encodeModifiedUtf7(reference + pattern)
    const delimiter = writeDelimiter(server.names.separator)
    const pieces = new Pieces()
    for (const [name, own] of server.store.read((view) => matches(view, session, wanted))) {
      pieces.text(`* LSUB (${own ? '' : '\\Noselect'}) ${delimiter} ${externalWire(name, client.nameForm)}\r\n`)
      if (pieces.full) yield* pieces.take()
    }
    yield* pieces.take()
  },
})

/** Names that match; false for one that is not subscribed itself, while "%" hides one below it that is. */
function matches(
  view: View,
  { server, user }: SessionIn<'authenticated'>,
  pattern: string,
): ReadonlyMap<string, boolean> {
  const { separator } = server.names
  const found = new Map<string, boolean>()
  if (pattern.length > maxPatternLength) return found
  for (const name of view.subscriptions(user.user)) {
    const external = server.names.toExternal(name, user)
    if (external === undefined) continue
    if (matchesPattern(external, { pattern, separator })) found.set(external, true)
    else if (pattern.endsWith('%')) {
      const above = namesAbove(external, separator).find((each) => matchesPattern(each, { pattern, separator }))
      if (above !== undefined && !found.has(above)) found.set(above, false)
    }
  }
  return found
}
