/** Names of clients' addresses for the log, looked up beside the work: nobody waits for a name server. */
import { lookupService } from 'node:dns'

/** Look-ups at once, for they occupy threads; names remembered; milliseconds they are. */
const AT_ONCE = 2
const MOST = 5000
const SPAN = 10 * 60 * 1000

export interface HostNames {
  /** Begins to find out, if it is worth it. */
  prefetch(address: string): void
  /** Undefined: not known, or not yet. */
  get(address: string): string | undefined
}

type Lookup = (address: string, done: (name: string | undefined) => void) => void

export function hostNames(lookup: Lookup = askSystem, now: () => number = Date.now): HostNames {
  const known = new Map<string, { readonly name: string | undefined; readonly until: number }>()
  let running = 0
  return {
    prefetch(address) {
      if (running >= AT_ONCE || (known.get(address)?.until ?? 0) > now()) return
      running++
      known.set(address, { name: undefined, until: now() + SPAN })
      lookup(address, (name) => {
        running--
        known.set(address, { name, until: now() + SPAN })
        if (known.size > MOST) known.clear()
      })
    },
    get: (address) => known.get(address)?.name,
  }
}

function askSystem(address: string, done: (name: string | undefined) => void): void {
  lookupService(address, 0, (error, name) => done(error || name === address ? undefined : name))
}
