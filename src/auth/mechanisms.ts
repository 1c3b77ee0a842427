/** The SASL mechanisms, strongest first, as they are offered and chosen. */
import { anonymousClient, anonymousServer } from './mechanisms/anonymous.js'
import { cramMd5Client, cramMd5Server } from './mechanisms/cram-md5.js'
import { digestMd5Server } from './mechanisms/digest-md5.js'
import { digestMd5Client } from './mechanisms/digest-md5-client.js'
import { externalClient, externalServer } from './mechanisms/external.js'
import { loginClient, loginServer } from './mechanisms/login.js'
import { plainClient, plainServer } from './mechanisms/plain.js'
import { scramServers } from './mechanisms/scram.js'
import { scramClients } from './mechanisms/scram-client.js'
import type { ClientMechanism, ServerMechanism } from './sasl.js'

export const serverMechanisms: readonly ServerMechanism[] = [
  externalServer,
  ...scramServers,
  digestMd5Server,
  cramMd5Server,
  plainServer,
  loginServer,
  anonymousServer,
]

export const clientMechanisms: readonly ClientMechanism[] = [
  ...scramClients,
  digestMd5Client,
  cramMd5Client,
  plainClient,
  loginClient,
  externalClient,
  anonymousClient,
]

/** Without case. */
export function findServerMechanism(name: string): ServerMechanism | undefined {
  return serverMechanisms.find((each) => each.name === name.toUpperCase())
}

/**
 * The strongest mechanism that both sides have and this connection allows; `wanted` narrows it. EXTERNAL and ANONYMOUS
 * only when asked for by name. Undefined when there is none.
 */
export function chooseClientMechanism(
  offered: readonly string[],
  { tls, binding, wanted }: { tls: boolean; binding: boolean; wanted?: string | undefined },
): ClientMechanism | undefined {
  const names = offered.map((name) => name.toUpperCase())
  const asked = wanted?.toUpperCase()
  return clientMechanisms.find(({ name, plaintext }) => {
    if (!names.includes(name)) return false
    if (asked !== undefined) return name === asked
    if (name === 'EXTERNAL' || name === 'ANONYMOUS') return false
    return (tls || !plaintext) && (binding || !name.endsWith('-PLUS'))
  })
}
