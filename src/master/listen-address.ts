/** `listen=` of a service: a socket path, or a host and a port, each by number or by name. */
import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { Protocol } from '../config/cyrus-conf.js'

export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly ipv6: boolean }

/** Ports that no longer, or not everywhere, stand in /etc/services. */
const knownPorts: Readonly<Record<string, number>> = {
  imap: 143,
  imaps: 993,
  pop3: 110,
  'pop-3': 110,
  pop3s: 995,
  lmtp: 24,
  sieve: 4190,
  nntp: 119,
  nntps: 563,
  mupdate: 3905,
  csync: 2005,
  fud: 4201,
  smmap: 2727,
  http: 80,
  https: 443,
}

/** The text of /etc/services, or nothing where there is none. */
export function readServices(): string {
  try {
    return readFileSync('/etc/services', 'utf8')
  } catch {
    return ''
  }
}

/** A port by number or name; /etc/services first, then the names above. */
export function portOf(text: string, services: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 65535 ? Number(text) : undefined
  for (const line of services.split('\n')) {
    const [name, port, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
    const match = /^(\d+)\/tcp$/.exec(port ?? '')
    if (match && (name === text || aliases.includes(text))) return Number(match[1])
  }
  return Object.hasOwn(knownPorts, text) ? knownPorts[text] : undefined
}

export interface HostAndPort {
  /** undefined is every address of the machine. */
  readonly host: string | undefined
  readonly port: string
}

/** `[::1]:imap`, `localhost:143`, `imap`. */
export function splitListen(text: string): HostAndPort | undefined {
  const match = /^(?:\[([^\]]*)\]:|([^:\]]*):)?([\w-]+)$/.exec(text)
  if (!match) return undefined
  const host = match[1] ?? match[2]
  return { host: host === '' || host === '*' ? undefined : host, port: match[3] ?? '' }
}

const families: Record<Protocol, readonly (4 | 6)[]> = {
  tcp: [4, 6],
  udp: [4, 6],
  tcp4: [4],
  udp4: [4],
  tcp6: [6],
  udp6: [6],
}

/** What an address is called in the log. */
export const showAddress = (address: Address): string => {
  if (address.kind === 'unix') return address.path
  return address.ipv6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

/** Every address that the text means. @throws Error that says what cannot be understood or found */
export async function addressesOf(listen: string, proto: Protocol, services = readServices()): Promise<Address[]> {
  if (listen.startsWith('/')) {
    if (Buffer.byteLength(listen) > 107) throw new Error(`the socket path is longer than 107 octets`)
    return [{ kind: 'unix', path: listen }]
  }
  const parts = splitListen(listen)
  if (!parts) throw new Error('listen= must be a port, HOST:PORT, [ADDRESS]:PORT or a path that begins with /')
  const port = portOf(parts.port, services)
  if (port === undefined) throw new Error(`nobody knows the port ${parts.port}; write its number`)
  const allowed = families[proto]
  const tcp = (host: string, family: number): Address => ({ kind: 'tcp', host, port, ipv6: family === 6 })
  if (parts.host === undefined) return allowed.map((family) => tcp(family === 6 ? '::' : '0.0.0.0', family))
  const version = isIP(parts.host)
  const found = version
    ? [{ address: parts.host, family: version }]
    : await lookup(parts.host, { all: true }).catch(() => [])
  const usable = found.filter(({ family }) => allowed.some((wanted) => wanted === family))
  if (usable.length === 0) throw new Error(`the host ${parts.host} has no address for proto=${proto}`)
  const different = new Map(usable.map(({ address, family }) => [address, tcp(address, family)]))
  return [...different.values()]
}
