/** EVENTS: runs each entry when it is due, never twice at a time, also when the clock is set. */
import type { EventEntry } from '../config/cyrus-conf.js'
import type { Log } from '../log/log.js'
import { failure, type Job } from './job.js'
import { nextRun } from './schedule.js'

export interface RunningEvents {
  /** Looks at the clock; called often. */
  readonly tick: (now: Date) => void
  /** Other entries from now on; what runs goes on. */
  readonly replace: (entries: readonly EventEntry[], now: Date) => void
  readonly running: () => readonly Job[]
}

export interface EventsSettings {
  readonly log: Log
  /** Starts an entry; undefined when its program is not there. */
  readonly run: (entry: EventEntry) => Job | undefined
}

interface Due {
  readonly entry: EventEntry
  next: Date | undefined
}

/** Milliseconds by which the clock may differ from what has passed before it counts as set. */
const clockSet = 30_000

/** Entries with `period` and those without any time run at once; then `at` the times given. */
export function runEvents({ log, run }: EventsSettings): RunningEvents {
  let schedule: Due[] = []
  let [wall, passed] = [0, 0]
  const jobs = new Map<string, Job>()

  const first = (entry: EventEntry, now: Date) =>
    entry.times.kind === 'period' || entry.times.kind === 'once' ? now : nextRun(entry.times, now)

  const start = (entry: EventEntry) => {
    const before = jobs.get(entry.name)
    if (before) {
      log.event('job.overlap', { name: entry.name, pid: before.pid })
      return
    }
    const began = performance.now()
    const job = run(entry)
    if (!job) return
    jobs.set(entry.name, job)
    void job.ended.then((ended) => {
      jobs.delete(entry.name)
      const why = failure(ended)
      if (why) log.event('job.failed', { name: entry.name, why })
      else
        log.event('job.ended', {
          name: entry.name,
          pid: job.pid,
          status: 0,
          seconds: (performance.now() - began) / 1000,
        })
    })
  }

  /** When the clock was set, periods move with it, and times of day are looked up again. */
  const follow = (now: Date) => {
    const jump = wall === 0 ? 0 : now.getTime() - wall - (performance.now() - passed)
    wall = now.getTime()
    passed = performance.now()
    if (Math.abs(jump) < clockSet) return
    for (const due of schedule) {
      if (due.next && due.entry.times.kind === 'period') due.next = new Date(due.next.getTime() + jump)
      else if (jump < 0) due.next = nextRun(due.entry.times, now)
    }
  }

  return {
    tick: (now) => {
      follow(now)
      for (const due of schedule) {
        if (!due.next || due.next > now) continue
        due.next = nextRun(due.entry.times, now)
        start(due.entry)
      }
    },
    replace: (entries, now) => {
      const same = (one: EventEntry, other: EventEntry) =>
        one.name === other.name && one.cmd === other.cmd && JSON.stringify(one.times) === JSON.stringify(other.times)
      schedule = entries.map((entry) => {
        const kept = schedule.find((due) => same(due.entry, entry))
        return { entry, next: kept ? kept.next : first(entry, now) }
      })
    },
    running: () => [...jobs.values()],
  }
}
