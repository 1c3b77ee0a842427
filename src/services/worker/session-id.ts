// The id of a session, in every log line about it: `imap-1795247669-4838-1-8675428171040482946`, as Cyrus forms it.
import { randomBytes } from 'node:crypto'

/** Makes ids that nobody can guess and no other process makes: service, start, process, count, chance. */
export function sessionIds(): (service: string) => string {
  let count = 0
  return (service) => {
    count++
    const started = Math.floor(Date.now() / 1000)
    return `${service}-${started}-${process.pid}-${count}-${randomBytes(8).readBigUInt64BE()}`
  }
}
