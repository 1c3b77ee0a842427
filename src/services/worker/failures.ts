/** How long the answer to a failed sign-in takes: longer with each failure of the same address or for the same user. */

/** Failures are forgotten after so many milliseconds without another. */
const MEMORY = 15 * 60 * 1000
/** The pause doubles with each failure beyond the first few, up to so many times. */
const FREE = 3
const MOST_DOUBLINGS = 4
const MOST_KEYS = 20_000

export interface Failures {
  /** Counts a failure; milliseconds to wait before saying so. */
  count(address: string, user: string | undefined): number
  /** A good sign-in forgives its address and user. */
  forgive(address: string, user: string): void
}

/** `pause`: milliseconds after a first failure; 0 never waits. */
export function failures(pause: number, now: () => number = Date.now): Failures {
  const counts = new Map<string, { count: number; until: number }>()
  const add = (key: string): number => {
    const known = counts.get(key)
    const count = known && known.until > now() ? known.count + 1 : 1
    counts.delete(key)
    counts.set(key, { count, until: now() + MEMORY })
    if (counts.size > MOST_KEYS) for (const oldest of [...counts.keys()].slice(0, MOST_KEYS / 10)) counts.delete(oldest)
    return count
  }
  return {
    count(address, user) {
      const worst = Math.max(add(`a ${address}`), user === undefined ? 0 : add(`u ${user}`))
      return pause * 2 ** Math.min(MOST_DOUBLINGS, Math.max(0, worst - FREE))
    },
    forgive(address, user) {
      counts.delete(`a ${address}`)
      counts.delete(`u ${user}`)
    },
  }
}
