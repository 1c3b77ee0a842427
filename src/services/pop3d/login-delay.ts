/** popminpoll: how often one user may sign in, with a few sign-ins saved up (poppollpadding). RFC 2449 §8.1.1 */

export interface LoginDelay {
  /** Seconds to tell in CAPA; 0 is none. */
  readonly seconds: number
  /** Counts the sign-in if it is allowed. `last`: UTC seconds of the user's last one, 0 if never. */
  allows(user: string, last: number): boolean
}

/** Users remembered, when sign-ins can be saved up. */
const MOST = 10_000

/** `minPoll` in seconds; `now` in UTC seconds. A bucket with `padding` slots, of which one is emptied every `minPoll`. */
export function loginDelay(
  { minPoll, padding }: { minPoll: number; padding: number },
  now: () => number = () => Date.now() / 1000,
): LoginDelay {
  const buckets = new Map<string, { readonly filled: number; readonly at: number }>()
  return {
    seconds: minPoll,
    allows(user, last) {
      if (minPoll <= 0) return true
      const at = now()
      if (padding <= 1) return at - last >= minPoll
      const known = buckets.get(user)
      const filled = Math.max(0, (known?.filled ?? 0) - (at - (known?.at ?? at)) / minPoll)
      if (filled > padding - 1) return false
      if (buckets.size >= MOST) buckets.clear()
      buckets.set(user, { filled: filled + 1, at })
      return true
    },
  }
}
