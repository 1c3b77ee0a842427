// AUTH: an MTA signs in. Only administrators may bring mail. RFC 4954 §4
import { longestMessage } from '../../../auth/sasl.js'
import type { Attempt, AttemptStep } from '../../../auth/sign-in.js'
import type { Command } from '../../../syntax/lmtp/command.js'
import { type Reply, reply } from '../../../syntax/lmtp/reply.js'
import type { LmtpSession } from '../session-context.js'

const notNow = reply(503, '5.5.0', 'AUTH not permitted now')
const unknown = reply(504, '5.5.4', 'Unrecognized authentication type')
const cancelled = reply(501, '5.5.4', 'client canceled authentication')
const badBase64 = reply(501, '5.5.2', 'cannot decode the response')
const wrong = reply(535, '5.7.8', 'authentication failed')
const notAdmin = reply(535, '5.7.8', 'only administrators may deliver mail')
const later = reply(454, '4.7.0', 'temporary authentication failure')
const done = reply(235, '2.7.0', 'Authenticated!')

export async function auth(session: LmtpSession, command: Command & { kind: 'AUTH' }): Promise<Reply | []> {
  if (session.user !== undefined || session.transaction !== undefined) return notNow
  // On a UNIX socket the file's permissions have let the client in.
  if (session.local) return command.mechanism === 'EXTERNAL' ? accept(session) : notNow
  const attempt = session.server.signIn.begin(command.mechanism, session.channel)
  if (attempt === undefined) return unknown
  const step = await exchange(session, { attempt, initial: command.initial })
  if (step === undefined) return []
  return 'code' in step ? step : conclude(session, step)
}

function accept(session: LmtpSession): Reply {
  session.user = { kind: 'user', user: 'postman', groups: [], admin: false }
  return done
}

/** Messages back and forth until there is a verdict. Undefined: the client is gone. */
async function exchange(
  { wire }: LmtpSession,
  { attempt, initial }: { attempt: Attempt; initial: string | undefined },
): Promise<Exclude<AttemptStep, { kind: 'challenge' }> | Reply | undefined> {
  let message = initial === undefined ? undefined : decode(initial)
  if (initial !== undefined && message === undefined) return badBase64
  for (;;) {
    const step = await attempt.step(message)
    if (step.kind !== 'challenge') return step
    wire.send(reply(334, undefined, step.data.toString('base64')))
    const line = await wire.line(longestMessage * 2)
    if (line === undefined) return undefined
    if (line.length === 1 && line[0] === 0x2a) return cancelled
    message = decode(line.toString('latin1'))
    if (message === undefined) return badBase64
  }
}

function decode(text: string): Buffer | undefined {
  if (text === '=') return Buffer.alloc(0)
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : undefined
}

function conclude(session: LmtpSession, step: Exclude<AttemptStep, { kind: 'challenge' }>): Reply {
  const { server, from: address, channel, id } = session
  if (step.kind === 'refused') {
    server.log.event('login.bad', { address, user: step.user, mech: step.mech, reason: step.why })
    return step.temporary ? later : wrong
  }
  const { identity, mech } = step
  if (!identity.admin) {
    server.log.event('login.bad', { address, user: identity.user, mech, reason: 'not one of lmtp_admins or admins' })
    return notAdmin
  }
  server.log.event('login.good', { address, user: identity.user, mech, tls: channel.tls, session: id })
  session.user = identity
  session.trusted = true
  return done
}
