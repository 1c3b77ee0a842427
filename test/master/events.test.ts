/** EVENTS by a clock of the test's own. */
import { expect } from 'chai'
import type { EventEntry } from '../../src/config/cyrus-conf.js'
import { noLog } from '../../src/log/log.js'
import { runEvents } from '../../src/master/events.js'
import type { Ended } from '../../src/master/job.js'

const entry = (name: string, times: EventEntry['times']): EventEntry => ({ name, cmd: name, times, line: 1 })

describe('master/events', () => {
  let started: string[] = []
  let end: (() => void)[] = []

  function events() {
    started = []
    end = []
    return runEvents({
      log: noLog,
      run: ({ name }) => {
        started.push(name)
        const ended = new Promise<Ended>((resolve) => {
          end.push(() => resolve({ status: 0, signal: undefined, error: undefined }))
        })
        return { name, pid: 1, ended, ready: Promise.resolve(true), signal: () => undefined }
      },
    })
  }

  const at = (minutes: number) => new Date(2026, 0, 1, 0, minutes)

  it('runs a period at once and then each period, never twice at a time', async () => {
    const running = events()
    running.replace([entry('a', { kind: 'period', minutes: 10 })], at(0))
    running.tick(at(0))
    expect(started).to.deep.equal(['a'])
    running.tick(new Date(at(0).getTime() + 1000))
    expect(started.length).to.equal(1)
    end[0]?.()
    await Promise.resolve()
  })

  it('runs at its time, once', () => {
    const running = events()
    running.replace([entry('b', { kind: 'at', hour: 0, minute: 5 }), entry('c', { kind: 'once' })], at(0))
    running.tick(at(0))
    expect(started).to.deep.equal(['c'])
  })

  it('leaves out a run while the last one is at work', async () => {
    const running = events()
    const due = entry('d', { kind: 'period', minutes: 10 })
    running.replace([due], at(0))
    running.tick(at(0))
    running.replace([entry('d', { kind: 'period', minutes: 5 })], at(0))
    running.tick(at(0))
    expect(started).to.deep.equal(['d'])
    expect(running.running().length).to.equal(1)
    end[0]?.()
    await new Promise((resolve) => setImmediate(resolve))
    expect(running.running().length).to.equal(0)
  })

  it('keeps the plan of an entry that did not change', () => {
    const running = events()
    const same = entry('e', { kind: 'period', minutes: 10 })
    running.replace([same], at(0))
    running.tick(at(0))
    end[0]?.()
    running.replace([{ ...same }], at(1))
    running.tick(at(1))
    expect(started).to.deep.equal(['e'])
  })

  it('moves periods with a clock that is set', async () => {
    const running = events()
    running.replace([entry('f', { kind: 'period', minutes: 10 })], at(0))
    running.tick(at(0))
    end[0]?.()
    await new Promise((resolve) => setImmediate(resolve))
    running.tick(at(600))
    expect(started).to.deep.equal(['f'])
    running.tick(new Date(2025, 0, 1))
    expect(started).to.deep.equal(['f'])
  })
})
