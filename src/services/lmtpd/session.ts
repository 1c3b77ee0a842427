// One LMTP client from greeting to good-bye: the only place that reads commands and writes replies.
import { type Channel, plainChannel } from '../../auth/sasl.js'
import type { Connection } from '../../net/connection.js'
import { ConnectionError, LineTooLong } from '../../net/errors.js'
import { startServerTls, type TlsSession } from '../../net/tls.js'
import type { ServerTls } from '../../net/tls-context.js'
import { Bad } from '../../syntax/lmtp/bad.js'
import { maxCommandLength, readCommand } from '../../syntax/lmtp/command.js'
import { formatReply, type Reply, reply } from '../../syntax/lmtp/reply.js'
import { run } from './commands.js'
import { connectionWire } from './connection-wire.js'
import { idleTooLong, serverFault, shuttingDown } from './replies.js'
import type { LmtpServer, LmtpSession } from './session-context.js'

/** How a client came in. */
export type Arrival = {
  readonly server: LmtpServer
  readonly connection: Connection
  /** The session's id for log lines and replies. */
  readonly id: string
  /** `-a`: who can connect may deliver. */
  readonly preauthorized: boolean
  readonly tls: ServerTls | undefined
}

/** Wrong commands after which a client is sent away. */
const maxMistakes = 100

export type RunningSession = {
  /** Resolves when the client is gone. Never rejects. */
  readonly over: Promise<void>
  /** Says good-bye when the command under way is done. */
  stop(): void
}

/** Serves one client. */
export function serve(arrival: Arrival): RunningSession {
  const stopping: Stopping = { asked: false, waiting: false }
  const over = converse(arrival, stopping)
  return {
    over,
    stop() {
      stopping.asked = true
      if (!stopping.waiting) return
      say(arrival.connection, shuttingDown)
      void arrival.connection.close()
    },
  }
}

/** Whether the session is to end, and whether it does nothing but wait for the next command. */
type Stopping = { asked: boolean; waiting: boolean }

async function converse(arrival: Arrival, stopping: Stopping): Promise<void> {
  const { server, connection } = arrival
  const session = newSession(arrival)
  server.log.event('connection.accepted', { address: session.from })
  try {
    say(connection, reply(220, undefined, `${server.name} Angarium LMTP ${server.version} server ready`))
    await commands(session, { connection, stopping })
  } catch (error) {
    if (!stopping.asked) farewell(arrival, { session, error })
  }
  session.transaction?.chunks?.discard()
  await connection.close()
}

function newSession({ server, connection, id, preauthorized, tls }: Arrival): LmtpSession {
  const { peer } = connection
  const local = peer.kind !== 'tcp'
  const from = peer.kind === 'tcp' ? `[${peer.address}]` : '[unix socket]'
  const plain = plainChannel('lmtp', server.name)
  const session: LmtpSession & { channel: Channel; canStartTls: boolean } = {
    server,
    id,
    from,
    wire: connectionWire(connection, async () => {
      if (tls === undefined) return
      session.channel = encrypted(plain, await startServerTls(connection, tls))
      session.canStartTls = false
    }),
    channel: plain,
    client: undefined,
    trusted: local || preauthorized,
    local,
    user: undefined,
    canStartTls: tls !== undefined && !local,
    transaction: undefined,
    ended: false,
  }
  return session
}

function encrypted(channel: Channel, session: TlsSession): Channel {
  const { clientName } = session
  return { ...channel, tls: true, clientName, channelBinding: (type) => session.channelBinding(type) }
}

async function commands(
  session: LmtpSession,
  { connection, stopping }: { connection: Connection; stopping: Stopping },
): Promise<void> {
  for (let mistakes = 0; !session.ended && mistakes < maxMistakes; ) {
    try {
      const line = connection.lineNow(maxCommandLength) ?? (await nextLine(connection, stopping))
      if (line === undefined) return
      const answer = run(session, readCommand(line))
      sayAll(connection, answer instanceof Promise ? await answer : answer)
    } catch (error) {
      if (error instanceof LineTooLong) say(connection, reply(500, '5.5.2', 'Line too long'))
      else if (error instanceof Bad) say(connection, reply(error.code, error.enhanced, error.message))
      else throw error
      mistakes++
    }
    if (stopping.asked) return say(connection, shuttingDown)
    if (connection.congested) await connection.drained()
  }
}

/** Waits for a command; what was answered so far leaves first. */
async function nextLine(connection: Connection, stopping: Stopping): Promise<Buffer | undefined> {
  connection.flush()
  stopping.waiting = true
  try {
    return await connection.readLine(maxCommandLength)
  } finally {
    stopping.waiting = false
  }
}

function sayAll(connection: Connection, answer: Reply | readonly Reply[]): void {
  if ('code' in answer) say(connection, answer)
  else for (const one of answer) say(connection, one)
}

function say(connection: Connection, answer: Reply): void {
  connection.write(formatReply(answer))
}

/** The last word after an error, and a line in the log. */
function farewell({ server, connection }: Arrival, { session, error }: { session: LmtpSession; error: unknown }): void {
  const address = session.from
  if (!(error instanceof ConnectionError)) {
    server.log.event('bug', { doing: `LMTP session ${session.id}`, error })
    say(connection, { ...serverFault, code: 421 })
  } else if (error.kind === 'timeout') {
    say(connection, idleTooLong)
    server.log.event('connection.lost', { address, why: 'idle for too long' })
  } else {
    server.log.event('connection.lost', { address, why: error.message })
  }
}
