/** When EVENTS are due, also when clocks change. */
import { expect } from 'chai'
import { readCron } from '../../src/config/cron.js'
import type { EventTimes } from '../../src/config/cyrus-conf.js'
import { nextRun } from '../../src/master/schedule.js'

const at = (hour: number, minute: number): EventTimes => ({ kind: 'at', hour, minute })
const cron = (text: string): EventTimes => ({ kind: 'cron', times: readCron(text) })

describe('master/schedule', () => {
  const zone = process.env['TZ']
  before(() => {
    process.env['TZ'] = 'Europe/Berlin'
  })
  after(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })

  // Berlin: clocks go from 02:00 to 03:00 on 2026-03-29, from 03:00 to 02:00 on 2026-10-25.
  const cases: [times: () => EventTimes, after: string, next: string | undefined][] = [
    [() => ({ kind: 'period', minutes: 30 }), '2026-01-01T10:00:00+01:00', '2026-01-01T10:30:00+01:00'],
    [() => ({ kind: 'once' }), '2026-01-01T10:00:00+01:00', undefined],
    [() => at(4, 1), '2026-01-01T04:00:59+01:00', '2026-01-01T04:01:00+01:00'],
    [() => at(4, 1), '2026-01-01T04:01:00+01:00', '2026-01-02T04:01:00+01:00'],
    [() => at(2, 30), '2026-03-28T10:00:00+01:00', '2026-03-29T03:30:00+02:00'],
    [() => at(2, 30), '2026-10-24T10:00:00+02:00', '2026-10-25T02:30:00+02:00'],
    [() => at(2, 30), '2026-10-25T02:30:00+02:00', '2026-10-26T02:30:00+01:00'],
    [() => cron('*/10 * * * *'), '2026-01-01T10:01:00+01:00', '2026-01-01T10:10:00+01:00'],
    [() => cron('0 * * * *'), '2026-03-29T01:30:00+01:00', '2026-03-29T03:00:00+02:00'],
    [() => cron('30 * * * *'), '2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'],
    [() => cron('0 3 * * sun'), '2026-01-01T10:00:00+01:00', '2026-01-04T03:00:00+01:00'],
    [() => cron('0 3 * * 7'), '2026-01-01T10:00:00+01:00', '2026-01-04T03:00:00+01:00'],
    [() => cron('0 0 29 2 *'), '2026-01-01T10:00:00+01:00', '2028-02-29T00:00:00+01:00'],
    [() => cron('0 0 30 2 *'), '2026-01-01T10:00:00+01:00', undefined],
    [() => cron('0 0 13 * fri'), '2026-01-01T10:00:00+01:00', '2026-01-02T00:00:00+01:00'],
    [() => cron('59 23 31 12 *'), '2026-01-01T10:00:00+01:00', '2026-12-31T23:59:00+01:00'],
    [() => cron('@hourly'), '2026-01-01T10:00:00+01:00', '2026-01-01T11:00:00+01:00'],
  ]
  for (const [times, start, next] of cases)
    it(`${JSON.stringify(times()).slice(0, 60)} after ${start} is ${next}`, () => {
      expect(nextRun(times(), new Date(start))?.toISOString()).to.equal(next && new Date(next).toISOString())
    })
})
