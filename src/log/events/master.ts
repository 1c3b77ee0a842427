/** Events of master: programs started and ended, listeners, reloads. */
import { event } from '../event.js'

interface Entry {
  readonly name: string
}
interface Process extends Entry {
  readonly pid: number
}

/** How a process ended: a status or a signal. */
interface Ended extends Process {
  readonly status?: number | undefined
  readonly signal?: string | undefined
}
const ended = ({ status, signal }: Ended): string =>
  signal ? `signaled to death by ${signal}` : `exited, status ${status}`

export const masterEvents = {
  'master.starting': event({
    level: 'notice',
    doc: 'master begins to work.',
    text: ({ version }: { version: string }) => `process started (${version})`,
  }),
  'master.ready': event({
    level: 'notice',
    doc: 'Every listener is open.',
    text: ({ services }: { services: number }) => `ready for work: ${services} services`,
  }),
  'master.reloading': event({
    level: 'notice',
    doc: 'master reads its configuration again.',
    text: (_: object) => 'got SIGHUP, reading configuration again',
  }),
  'master.stopping': event({
    level: 'notice',
    doc: 'master stops.',
    text: ({ signal }: { signal: string }) => `got ${signal}, attempting clean shutdown`,
  }),
  'master.stopped': event({
    level: 'notice',
    doc: 'All children are gone.',
    text: (_: object) => 'All children have exited, closing down',
  }),
  'config.mapped': event({
    level: 'notice',
    doc: 'A command of a Cyrus installation was mapped to a program of ours.',
    text: ({ name, from, to }: Entry & { from: string; to: string }) => `${name}: ${from} means ${to} here`,
  }),
  'service.skipped': event({
    level: 'err',
    doc: 'A service that is not offered here was left out.',
    text: ({ name, why }: Entry & { why: string }) => `ERROR: service ${name} is skipped: ${why}`,
  }),
  'listener.failed': event({
    level: 'err',
    doc: 'A listener could not be opened; the service waits for the next SIGHUP.',
    text: ({ name, listen, why }: Entry & { listen: string; why: string }) =>
      `unable to create ${name} listener socket: ${why} (${listen})`,
  }),
  'listener.open': event({
    level: 'info',
    doc: 'A listener is open.',
    text: ({ name, listen }: Entry & { listen: string }) => `service ${name} listens on ${listen}`,
  }),
  'worker.started': event({
    level: 'debug',
    doc: 'A worker process was started.',
    text: ({ name, pid }: Process) => `about to exec ${name}, process ${pid}`,
  }),
  'worker.ended': event({
    level: 'warning',
    doc: 'A worker process ended without being told to.',
    text: (f: Ended) => `service ${f.name} pid ${f.pid} ${ended(f)}`,
  }),
  'worker.finished': event({
    level: 'debug',
    doc: 'A worker process ended as it was told to.',
    text: (f: Ended) => `service ${f.name} pid ${f.pid} ${ended(f)}`,
  }),
  'worker.hung': event({
    level: 'err',
    doc: 'A worker gave no sign of life and was killed.',
    text: ({ name, pid, seconds }: Process & { seconds: number }) =>
      `ERROR: service ${name} pid ${pid} gave no sign of life for ${seconds} s and is replaced`,
  }),
  'service.disabled': event({
    level: 'err',
    doc: 'A service died five times before serving anybody, and is off until the next SIGHUP.',
    text: ({ name }: Entry) => `ERROR: too many failures for service ${name}, disabling it until next SIGHUP`,
  }),
  'service.full': event({
    level: 'warning',
    doc: 'A service has as many connections as maxchild allows; the next ones wait.',
    text: ({ name, connections }: Entry & { connections: number }) =>
      `service ${name} has ${connections} connections, as many as maxchild allows; others wait`,
  }),
  'job.started': event({
    level: 'debug',
    doc: 'An entry of START, EVENTS or DAEMON was started.',
    text: ({ name, pid, command }: Process & { command: string }) => `process ${pid} started for ${name}: ${command}`,
  }),
  'job.ended': event({
    level: 'info',
    doc: 'An entry of START or EVENTS ended well.',
    text: (f: Ended & { seconds: number }) =>
      `process ${f.pid} of ${f.name} ${ended(f)} after ${f.seconds.toFixed(1)} s`,
  }),
  'job.failed': event({
    level: 'err',
    doc: 'An entry of START, EVENTS or DAEMON ended badly or could not be started.',
    text: ({ name, why }: Entry & { why: string }) => `ERROR: ${name}: ${why}`,
  }),
  'job.output': event({
    level: 'info',
    doc: 'A line that an entry of START, EVENTS or DAEMON wrote.',
    text: ({ name, line }: Entry & { line: string }) => `${name}: ${line}`,
  }),
  'job.overlap': event({
    level: 'warning',
    doc: 'An event was due while its last run was still going on, and was left out.',
    text: ({ name, pid }: Process) => `event ${name} is due, but process ${pid} of its last run is still at work`,
  }),
}
