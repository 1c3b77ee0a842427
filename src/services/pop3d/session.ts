/** One POP3 session: greeting, commands in order, replies, the end. RFC 1939 §3 */
import { randomBytes } from 'node:crypto'
import type { Connection } from '../../net/connection.js'
import { ConnectionError, LineTooLong } from '../../net/errors.js'
import { StoreError } from '../../store/errors.js'
import { Bad } from '../../syntax/pop3/bad.js'
import { longestLine, readCommandLine } from '../../syntax/pop3/command.js'
import { err, ok, type Reply, writeStatus } from '../../syntax/pop3/reply.js'
import type { ClientSession } from '../worker/client-session.js'
import { commands } from './commands.js'
import { pop3Code } from './errors.js'
import { type Answer, answer, type Pop3Server, type Pop3Session } from './state.js'

/** Serves the client until it quits, falls silent or goes. */
export async function servePop3(server: Pop3Server, client: ClientSession): Promise<void> {
  const { connection } = client
  const stamp = client.apopAllowed ? newStamp(client.serverName) : undefined
  const session: Pop3Session = { server, client, stamp, state: { kind: 'authorization' }, utf8: false, failures: 0 }
  const { shutdown } = client
  if (shutdown !== undefined) return send(connection, err(shutdown, 'SYS/TEMP'))
  try {
    await send(connection, greeting(session))
    await converse(session)
  } catch (error) {
    if (!(error instanceof ConnectionError) || (error.kind !== 'timeout' && error.kind !== 'stopping')) throw error
    await send(connection, error.kind === 'timeout' ? err('idle for too long') : err('server stopping', 'SYS/TEMP'))
  } finally {
    if (session.state.kind === 'transaction') server.locks.release(session.state.drop.mailbox.id, client.id)
  }
}

async function converse(session: Pop3Session): Promise<void> {
  const { client } = session
  const { connection } = client
  for (;;) {
    const done = await next(session)
    if (done === undefined) return
    await send(connection, done.reply)
    if (done.then === 'end') return
    if (done.then === 'startTls') await client.startTls()
    if (client.shutdown !== undefined) return send(connection, err(client.shutdown, 'SYS/TEMP'))
  }
}

/** The answer to the next command; undefined at the end of input. */
async function next(session: Pop3Session): Promise<Answer | undefined> {
  try {
    const line = await session.client.connection.readLine(longestLine)
    if (line === undefined) return undefined
    const { keyword, rest } = readCommandLine(line)
    const command = commands.get(keyword)
    if (!command) return answer(err('Unrecognized command'))
    if (!command.states.includes(session.state.kind)) return answer(wrongState(session))
    return await command.run(session, rest)
  } catch (error) {
    return answer(complaint(session, error))
  }
}

function wrongState({ state }: Pop3Session): Reply {
  return err(state.kind === 'authorization' ? 'Must sign in first' : 'Already signed in')
}

/** @throws what is nobody's fault here */
function complaint({ client }: Pop3Session, error: unknown): Reply {
  if (error instanceof Bad) return err(error.message)
  if (error instanceof LineTooLong) return err('Line too long')
  if (error instanceof StoreError) return err(error.message, pop3Code[error.kind])
  if (error instanceof ConnectionError) throw error
  client.log.event('bug', { doing: 'a POP3 command', error })
  return err('Internal error, please try again', 'SYS/TEMP')
}

async function send(connection: Connection, reply: Reply): Promise<void> {
  connection.write(writeStatus(reply))
  if (!reply.body) return
  for (const piece of reply.body) {
    connection.write(piece)
    if (connection.congested) await connection.drained()
  }
  connection.write('.\r\n')
}

/** The stamp stands last in the line. RFC 1939 §7 */
function greeting({ client, server, stamp }: Pop3Session): Reply {
  const { serverInfo, version } = server.options
  const about = serverInfo === 'on' ? `Angarium POP3 ${version} server ready` : 'POP3 server ready'
  const name = serverInfo === 'off' ? '' : `${client.serverName} `
  return ok(`${name}${about}${stamp === undefined ? '' : ` ${stamp}`}`)
}

function newStamp(host: string): string {
  return `<${randomBytes(8).readBigUInt64BE()}.${Math.floor(Date.now() / 1000)}@${host}>`
}
