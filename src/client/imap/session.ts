// Signing in and out, and what the server says of itself.
import { randomBytes } from 'node:crypto'
import { chooseClientMechanism } from '../../auth/mechanisms.js'
import { type Channel, type ClientMechanism, SaslError } from '../../auth/sasl.js'
import type { TlsSession } from '../../net/tls.js'
import { textOf, wireOf } from '../../syntax/imap/response-data.js'
import type { Completed, ImapClient } from './client.js'
import { ImapLost, ImapRefused } from './errors.js'
import { astring, spaced, string } from './piece.js'

export interface SignIn {
  readonly user: string
  readonly password: string
  /** Whom to act as. */
  readonly actAs?: string | undefined
  /** Only these mechanisms, the first that the server has; undefined: the strongest that both have. */
  readonly mechanisms?: readonly string[] | undefined
  readonly host: string
  readonly tls: TlsSession | undefined
}

/**
 * Signs in with SASL; with LOGIN where the server has no mechanism for it. A password crosses the wire in the clear only
 * if the server offers that and nothing better. Throws ImapRefused, ImapLost, SaslError.
 */
export async function signIn(client: ImapClient, how: SignIn): Promise<void> {
  const capabilities = await client.capabilities()
  const mechanism = chosen(capabilities, how)
  if (mechanism) await authenticate(client, mechanism, how)
  else if (how.mechanisms || how.actAs || capabilities.has('LOGINDISABLED'))
    throw new ImapRefused({ status: 'NO', text: 'no mechanism available' })
  else await client.run(spaced(['LOGIN', astring(how.user), string(how.password)]))
}

function chosen(capabilities: ReadonlySet<string>, { mechanisms, tls }: SignIn): ClientMechanism | undefined {
  const offered = [...capabilities].filter((name) => name.startsWith('AUTH=')).map((name) => name.slice(5))
  const binding = tls?.channelBinding('tls-exporter') !== undefined
  for (const wanted of mechanisms ?? [undefined]) {
    const found =
      chooseClientMechanism(offered, { tls: tls !== undefined, binding, wanted }) ??
      chooseClientMechanism(offered, { tls: true, binding, wanted })
    if (found) return found
  }
  return undefined
}

/** AUTHENTICATE, with the first message in the command where the server takes it. RFC 9051 §6.2.2, RFC 4959 §3 */
export async function authenticate(client: ImapClient, mechanism: ClientMechanism, how: SignIn): Promise<Completed> {
  const { user, password, actAs, host, tls } = how
  const channel: Channel = {
    service: 'imap',
    host,
    tls: tls !== undefined,
    clientName: undefined,
    channelBinding: (type) => tls?.channelBinding(type),
  }
  const exchange = mechanism.start({ user, password, actAs, channel, random: randomBytes })
  const initial = mechanism.clientFirst ? await exchange.step(undefined) : undefined
  const withCommand = initial !== undefined && (await client.capabilities()).has('SASL-IR')
  let pending = withCommand ? undefined : initial
  let failure: SaslError | undefined
  const answer = async (text: string): Promise<Buffer> => {
    const first = pending
    pending = undefined
    try {
      const message = first ?? (await exchange.step(Buffer.from(text, 'base64')))
      return Buffer.from((message ?? Buffer.alloc(0)).toString('base64'))
    } catch (error) {
      if (!(error instanceof SaslError)) throw error
      failure = error
      return Buffer.from('*')
    }
  }
  const command = ['AUTHENTICATE ', mechanism.name, ...(withCommand ? [' ', base64(initial)] : [])]
  try {
    return await client.run(command, { answer })
  } catch (error) {
    throw failure ?? error
  }
}

/** An empty first message is written "=". RFC 4959 §3 */
const base64 = (message: Buffer): string => (message.length === 0 ? '=' : message.toString('base64'))

/** ID, without saying who asks. The server's fields in its order. RFC 2971 §3.1 */
export async function identify(client: ImapClient): Promise<Map<string, string | undefined>> {
  const { data } = await client.run(['ID NIL'])
  const list = data.find(({ name }) => name === 'ID')?.data[0]
  const fields = new Map<string, string | undefined>()
  if (list?.kind !== 'list') return fields
  for (let at = 0; at + 1 < list.items.length; at += 2) {
    const value = list.items[at + 1]
    fields.set(textOf(list.items[at]) ?? '', value?.kind === 'nil' ? undefined : textOf(value))
  }
  return fields
}

/** Says goodbye; never throws, since there is nothing left to lose. RFC 9051 §6.1.3 */
export async function logout(client: ImapClient): Promise<void> {
  try {
    await client.run(['LOGOUT'])
  } catch (error) {
    if (!(error instanceof ImapLost || error instanceof ImapRefused)) throw error
  }
  await client.close()
}

/** The hierarchy separator, "" where there is none. RFC 9051 §6.3.9 */
export async function separator(client: ImapClient): Promise<string> {
  const { data } = await client.run(['LIST "" ""'])
  return wireOf(data.find(({ name }) => name === 'LIST')?.data[1]) ?? ''
}
