// The SMTP door: takes mail by SMTP on loopback and hands it to lmtpd, so that no MTA is needed to try the server.
// It relays nothing: who is a recipient, lmtpd says at RCPT, and a client is told of success only when lmtpd has said so.
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Address } from '../../client/dial.js'
import { accepted, LmtpClient, type ServerReply, showReply } from '../../client/lmtp/client.js'
import type { Log } from '../../log/log.js'

export type DoorOptions = {
  readonly lmtp: Address
  /** This host's name. */
  readonly name: string
  readonly log: Log
  /** Octets; 0: no limit. */
  readonly maxMessageSize: number
}

const timeout = 60_000
const maxClients = 100

export type Door = { readonly port: number; close(): Promise<void> }

/** Opens the door. `host` must be a loopback address: there is no sign-in here. @throws Error */
export async function openDoor({ host, port }: { host: string; port: number }, options: DoorOptions): Promise<Door> {
  if (!/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host))
    throw new Error(`the SMTP door has no sign-in and opens on loopback only, not on ${host}: use 127.0.0.1`)
  const clients = new Map<string, LmtpClient>()
  const server = smtpServer(options, clients)
  server.on('error', (error) => options.log.event('warning', { text: `SMTP door: ${error.message}` }))
  const listener = server.listen(port, host)
  await new Promise<void>((resolve, reject) => listener.once('listening', resolve).once('error', reject))
  const bound = listener.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      for (const client of clients.values()) client.destroy()
    },
  }
}

/** Each SMTP transaction is one LMTP transaction on a connection of its own. */
function smtpServer({ lmtp, name, log, maxMessageSize }: DoorOptions, clients: Map<string, LmtpClient>): SMTPServer {
  const drop = async (session: SMTPServerSession) => {
    const client = clients.get(session.id)
    clients.delete(session.id)
    await client?.quit()
  }
  return new SMTPServer({
    name,
    banner: 'Angarium SMTP door',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxClients,
    logger: false,
    ...(maxMessageSize > 0 ? { size: maxMessageSize } : {}),
    onMailFrom: answered(async ({ address }, session) => {
      await drop(session)
      const client = await LmtpClient.open({ address: lmtp, name, timeout })
      clients.set(session.id, client)
      return client.mail(address)
    }),
    onRcptTo: answered(async ({ address }, session) => clientOf(clients, session).rcpt(address)),
    onData: answered(async (stream: SMTPServerDataStream, session) => {
      try {
        const replies = await clientOf(clients, session).data(stream as AsyncIterable<Buffer>)
        for (const reply of replies) log.event('info', { text: `SMTP door: ${showReply(reply)}` })
        return worst(replies)
      } finally {
        stream.resume()
        await drop(session)
      }
    }),
    onClose: (session) => void drop(session),
  })
}

function clientOf(clients: Map<string, LmtpClient>, { id }: SMTPServerSession): LmtpClient {
  const client = clients.get(id)
  if (client === undefined) throw new Error('no transaction')
  return client
}

/**
 * One answer for all recipients: a temporary failure of one is one of all, and the client sends again; lmtpd knows those
 * who have the message.
 */
function worst(replies: readonly ServerReply[]): ServerReply {
  const failed = replies.filter((reply) => !accepted(reply))
  const all = failed.find(({ code }) => code < 500) ?? failed[0] ?? replies[0]
  if (all === undefined) throw new Error('lmtpd answered for no recipient')
  return all
}

type Callback = (error?: Error | null, message?: string) => void

/** The reply of lmtpd as the reply to the SMTP client; trouble on the way is temporary. */
function answered<T>(work: (subject: T, session: SMTPServerSession) => Promise<ServerReply>) {
  return (subject: T, session: SMTPServerSession, callback: Callback): void => {
    work(subject, session).then(
      (reply) => (accepted(reply) ? callback(null, 'Delivered') : callback(smtpError(reply.code, showReply(reply)))),
      (error: unknown) =>
        callback(smtpError(451, `lmtpd cannot be reached: ${error instanceof Error ? error.message : error}`)),
    )
  }
}

function smtpError(responseCode: number, text: string): Error {
  return Object.assign(new Error(text.replace(/^\d{3} /, '')), { responseCode })
}
