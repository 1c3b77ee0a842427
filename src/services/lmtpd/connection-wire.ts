// The connection as commands see it: lines, message data, chunks, replies.
import type { Connection } from '../../net/connection.js'
import { Unstuffer } from '../../syntax/lmtp/dot-stuffing.js'
import { formatReply, type Reply } from '../../syntax/lmtp/reply.js'
import type { Sink, Wire } from './session-context.js'

export function connectionWire(connection: Connection): Wire {
  return {
    send(reply: Reply) {
      connection.write(formatReply(reply))
      connection.flush()
    },
    line: (limit) => connection.readLine(limit),
    data: (sink) => readData(connection, sink),
    octets: (size, sink) => readOctets(connection, { size, sink }),
  }
}

async function readData(connection: Connection, sink: Sink): Promise<boolean> {
  const unstuffer = new Unstuffer()
  let wait: Promise<void> | undefined
  const take = (bytes: Buffer): void => {
    const pause = sink(bytes)
    if (pause) wait = pause
  }
  for (;;) {
    const chunk = connection.readNow() ?? (await connection.read())
    if (chunk === undefined) return false
    const end = unstuffer.push(chunk, take)
    if (wait) await wait
    wait = undefined
    if (end < 0) continue
    if (end < chunk.length) connection.unread(chunk.subarray(end))
    return true
  }
}

async function readOctets(connection: Connection, { size, sink }: { size: number; sink: Sink }): Promise<boolean> {
  for (let left = size; left > 0; ) {
    const chunk = connection.readNow(left) ?? (await connection.read(left))
    if (chunk === undefined) return false
    left -= chunk.length
    await sink(chunk)
  }
  return true
}
