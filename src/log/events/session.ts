/** Events of sessions: connections, sign-in, TLS, what a session cost. */
import { event } from '../event.js'

/** A peer as Cyrus writes it: `host [address]`, with the address alone where the name is unknown. */
interface Peer {
  readonly host?: string | undefined
  readonly address: string
}
const peer = ({ host, address }: Peer): string => (host ? `${host} [${address}]` : `[${address}]`)

/** CPU seconds. */
interface Usage {
  readonly user?: string | undefined
  readonly userSeconds: number
  readonly systemSeconds: number
}

export const sessionEvents = {
  'connection.accepted': event({
    level: 'debug',
    doc: 'A client connected.',
    text: (_: { address?: string | undefined }) => 'accepted connection',
  }),
  'connection.refused': event({
    level: 'notice',
    doc: 'A client was sent away before it could sign in.',
    text: ({ why, ...from }: Peer & { why: string }) => `refused connection from ${peer(from)}: ${why}`,
  }),
  'connection.lost': event({
    level: 'info',
    doc: 'A connection ended with an error.',
    text: ({ why, ...from }: Peer & { why: string }) => `connection from ${peer(from)} lost: ${why}`,
  }),
  'login.good': event({
    level: 'notice',
    doc: 'A user signed in. mech is plaintext for LOGIN and USER.',
    text: (f: Peer & { user: string; mech: string; tls: boolean; session: string }) =>
      `login: ${peer(f)} ${f.user} ${f.mech}${f.tls ? '+TLS' : ''} User logged in SESSIONID=<${f.session}>`,
  }),
  'login.bad': event({
    level: 'notice',
    doc: 'A sign-in failed. The user is what the client claimed, the reason never holds a password.',
    text: (f: Peer & { user?: string | undefined; mech: string; reason: string }) =>
      `badlogin: ${peer(f)} ${f.mech}${f.user ? ` ${f.user}` : ''} [SASL(-13): authentication failure: ${f.reason}]`,
  }),
  'tls.started': event({
    level: 'info',
    doc: 'A connection is encrypted from now on.',
    text: (f: { version: string; cipher: string; bits?: number; reused?: boolean; session?: string }) =>
      `starttls: ${f.version} with cipher ${f.cipher} (${f.bits ?? 256}/${f.bits ?? 256} bits ${f.reused ? 'reused' : 'new'}) no authentication`,
  }),
  'tls.failed': event({
    level: 'notice',
    doc: 'TLS could not be negotiated.',
    text: ({ why, ...from }: Peer & { why: string }) => `STARTTLS negotiation failed: ${peer(from)}: ${why}`,
  }),
  usage: event({
    level: 'info',
    doc: 'What a session cost, in CPU seconds.',
    text: ({ user, userSeconds, systemSeconds }: Usage) =>
      `USAGE ${user ?? 'nobody'} user: ${userSeconds.toFixed(6)} sys: ${systemSeconds.toFixed(6)}`,
  }),
  'session.ended': event({
    level: 'info',
    doc: 'A session ended by the server, not by the client.',
    text: ({ why, user, session }: { why: string; user?: string | undefined; session: string }) =>
      `session of ${user ?? 'nobody'} ended: ${why} SESSIONID=<${session}>`,
  }),
}
