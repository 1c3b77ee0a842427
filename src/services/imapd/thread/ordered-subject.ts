/** THREAD=ORDEREDSUBJECT: messages of one base subject, the first with all others below it. RFC 5256 §3 */
import { byTime, type Thread, type ThreadedMessage } from './thread.js'

export function threadBySubject(messages: readonly ThreadedMessage[]): Thread[] {
  const groups = new Map<string, ThreadedMessage[]>()
  for (const message of messages.toSorted(byTime)) {
    const group = groups.get(message.subject)
    if (group === undefined) groups.set(message.subject, [message])
    else group.push(message)
  }
  return [...groups.values()].map((group) => {
    const [first, ...rest] = group
    return { uid: first?.uid, children: rest.map(({ uid }) => ({ uid, children: [] })) }
  })
}
