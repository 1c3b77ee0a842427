/** What a session cost in CPU: the process's time, shared evenly among the sessions that were open meanwhile. */

export interface CpuSeconds {
  readonly user: number
  readonly system: number
}

export interface CpuShare {
  /** A session begins. Call the result when it ends, once. */
  begin(): () => CpuSeconds
}

/** Milliseconds between looks at the process's CPU time, which is a system call that counts at thousands of sessions a second. */
const EVERY = 5

/** `cpuUsage`: microseconds so far, as process.cpuUsage gives them. */
export function cpuShare(cpuUsage: () => { user: number; system: number } = seldom(EVERY)): CpuShare {
  let open = 0
  let last = cpuUsage()
  const perSession = { user: 0, system: 0 }
  const settle = (): void => {
    const now = cpuUsage()
    if (open > 0) {
      perSession.user += (now.user - last.user) / open
      perSession.system += (now.system - last.system) / open
    }
    last = now
  }
  return {
    begin() {
      settle()
      open++
      const start = { ...perSession }
      return () => {
        settle()
        open--
        return {
          user: (perSession.user - start.user) / 1e6,
          system: (perSession.system - start.system) / 1e6,
        }
      }
    },
  }
}

function seldom(every: number): () => { user: number; system: number } {
  let [usage, at] = [process.cpuUsage(), performance.now()]
  return () => {
    const now = performance.now()
    if (now - at >= every) [usage, at] = [process.cpuUsage(), now]
    return usage
  }
}
