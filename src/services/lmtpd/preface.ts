// The lines that stand before a delivered message: Return-Path and Received, as Cyrus lays them out. RFC 5321 §4.4
import type { MailCommand } from '../../syntax/lmtp/command.js'
import type { LmtpSession, Peer } from './session-context.js'

/** The lines for a message of this session; they end with CR LF. */
export function prefaceOf({ server, client, peer }: LmtpSession, { returnPath, utf8 }: MailCommand): Buffer {
  const protocol = `${utf8 ? 'UTF8' : ''}LMTP${peer.tls ? 'S' : ''}A`
  return Buffer.from(
    `Return-Path: <${returnPath}>\r\n` +
      `Received: from ${client ?? 'unknown'} (${origin(peer)})\r\n` +
      `\t by ${peer.serverName} (Angarium ${server.version}) with ${protocol};\r\n` +
      `\t ${rfc5322Date(server.now())}\r\n`,
  )
}

function origin({ connection, address, host }: Peer): string {
  if (connection.peer.kind !== 'tcp') return '[unix socket]'
  return host === undefined ? `[${address}]` : `${host} [${address}]`
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Sat, 21 Nov 2026 07:54:32 +0000`, local time. RFC 5322 §3.3 */
export function rfc5322Date(time: Date): string {
  const zone = -time.getTimezoneOffset()
  const sign = zone < 0 ? '-' : '+'
  const offset = `${sign}${two(Math.floor(Math.abs(zone) / 60))}${two(Math.abs(zone) % 60)}`
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  const month = months[time.getMonth()]
  return `${days[time.getDay()]}, ${two(time.getDate())} ${month} ${time.getFullYear()} ${clock} ${offset}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
