/** A thread: a message, or a place where one is missing, with what answers it. RFC 5256 §4 */
export interface Thread {
  /** undefined: the message is missing; it has at least two children then. */
  readonly uid: number | undefined
  readonly children: readonly Thread[]
}

/** thread-list, without recursion so that a thread of any depth can be written. `number`: how a message is called. */
export function writeThreads(threads: readonly Thread[], number: (uid: number) => number): string {
  let text = ''
  const work: (Thread | string)[] = []
  for (const thread of threads) {
    work.push(thread, '(')
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (typeof next === 'string') {
        text += next
        continue
      }
      if (next.uid !== undefined) text += String(number(next.uid))
      const { children } = next
      const [only] = children
      if (only === undefined) text += ')'
      else if (children.length === 1 && only.uid !== undefined && next.uid !== undefined) {
        text += ' '
        work.push(only)
      } else {
        if (next.uid !== undefined) text += ' '
        work.push(')')
        for (const child of children.toReversed()) work.push(child, '(')
      }
    }
  }
  return text
}

/** What threading looks at. */
export interface ThreadedMessage {
  readonly uid: number
  /** Seconds; sent time, or INTERNALDATE. */
  readonly time: number
  /** Base subject, folded. */
  readonly subject: string
  readonly isReply: boolean
  readonly messageId: string | undefined
  /** Oldest first. */
  readonly references: readonly string[]
}

/** By sent time, then by arrival. */
export function byTime(a: { time: number; uid: number }, b: { time: number; uid: number }): number {
  return a.time - b.time || a.uid - b.uid
}
