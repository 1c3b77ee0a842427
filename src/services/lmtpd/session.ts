// One LMTP client from greeting to good-bye: the only place that reads commands and writes replies.
import { ConnectionError, LineTooLong } from '../../net/errors.js'
import { Bad } from '../../syntax/lmtp/bad.js'
import { maxCommandLength, readCommand } from '../../syntax/lmtp/command.js'
import { formatReply, type Reply, reply } from '../../syntax/lmtp/reply.js'
import { run } from './commands.js'
import { connectionWire } from './connection-wire.js'
import { idleTooLong, shuttingDown } from './replies.js'
import type { LmtpServer, LmtpSession, Peer } from './session-context.js'

/** Wrong commands after which a client is sent away. */
const maxMistakes = 100

/** Serves one client until it is gone. `preauthorized` (-a): who can connect may deliver. @throws ConnectionError, or a bug */
export async function serve(
  server: LmtpServer,
  { peer, preauthorized }: { peer: Peer; preauthorized: boolean },
): Promise<void> {
  const { connection } = peer
  const local = connection.peer.kind !== 'tcp'
  const session: LmtpSession = {
    server,
    peer,
    wire: connectionWire(connection),
    local,
    client: undefined,
    trusted: local || preauthorized,
    transaction: undefined,
    ended: false,
  }
  try {
    if (peer.shutdown !== undefined) return say(session, reply(421, '4.3.2', peer.shutdown))
    say(session, reply(220, undefined, `${peer.serverName} Angarium LMTP ${server.version} server ready`))
    await commands(session)
  } catch (error) {
    const last = goodBye(error)
    if (last === undefined) throw error
    say(session, last)
  } finally {
    session.transaction?.chunks?.discard()
  }
}

async function commands(session: LmtpSession): Promise<void> {
  const { connection } = session.peer
  for (let mistakes = 0; !session.ended && mistakes < maxMistakes; ) {
    try {
      const line = connection.lineNow(maxCommandLength) ?? (await nextLine(session))
      if (line === undefined) return
      const answer = run(session, readCommand(line))
      sayAll(session, answer instanceof Promise ? await answer : answer)
    } catch (error) {
      say(session, mistake(error))
      mistakes++
    }
    if (connection.congested) await connection.drained()
  }
}

/** Waits for a command; what was answered so far leaves first. */
function nextLine({ peer: { connection } }: LmtpSession): Promise<Buffer | undefined> {
  connection.flush()
  return connection.readLine(maxCommandLength)
}

/** What a wrong command is answered. @throws whatever is not the client's mistake */
function mistake(error: unknown): Reply {
  if (error instanceof LineTooLong) return reply(500, '5.5.2', 'Line too long')
  if (error instanceof Bad) return reply(error.code, error.enhanced, error.message)
  throw error
}

/** The last word where the connection still takes one. */
function goodBye(error: unknown): Reply | undefined {
  if (!(error instanceof ConnectionError)) return undefined
  return error.kind === 'stopping' ? shuttingDown : error.kind === 'timeout' ? idleTooLong : undefined
}

function sayAll(session: LmtpSession, answer: Reply | readonly Reply[]): void {
  if ('code' in answer) say(session, answer)
  else for (const one of answer) say(session, one)
}

function say({ peer }: LmtpSession, answer: Reply): void {
  peer.connection.write(formatReply(answer))
}
