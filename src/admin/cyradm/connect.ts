// Reaching a server and signing in, from what the command line and the verbs say.
import { readFileSync } from 'node:fs'
import type { ConnectionOptions as TlsOptions } from 'node:tls'
import type { Address } from '../../client/dial.js'
import { ImapLost } from '../../client/imap/errors.js'
import { type OpenedImap, openImap, type TlsUse } from '../../client/imap/open.js'

const IMAP = 143
const IMAPS = 993

/** What a verb asks for beyond the command line. */
export interface ConnectWishes {
  readonly user?: string | undefined
  readonly mechanisms?: readonly string[] | undefined
}

export interface TlsWishes {
  /** `demanded`: --tls; `declined`: --notls; `offered`: whatever the server can. */
  readonly use: 'demanded' | 'declined' | 'offered'
  /** Own certificate and key, one file. */
  readonly keyFile?: string | undefined
  readonly caFile?: string | undefined
}

/** `host`, `host:port`, `[::1]:port`, `::1`, or the path of a UNIX socket. */
export function addressOf(server: string, port: number | undefined): Address {
  if (server.startsWith('/')) return { path: server }
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(server) ?? /^([^:]+):(\d+)$/.exec(server)
  const [, host = server, own] = bracketed ?? []
  return { host, port: own === undefined ? (port ?? IMAP) : Number(own) }
}

/** Throws ImapLost. A certificate is checked where authorities are named to check it against. */
export function reach(address: Address, wishes: TlsWishes, timeout: number): Promise<OpenedImap> {
  const wrapped = 'port' in address && address.port === IMAPS
  const tls: TlsUse = wrapped
    ? 'wrapped'
    : wishes.use === 'demanded'
      ? 'required'
      : wishes.use === 'declined' || 'path' in address
        ? 'off'
        : 'offered'
  return openImap({ address, tls, tlsOptions: tlsOptions(wishes), timeout })
}

function tlsOptions({ keyFile, caFile }: TlsWishes): TlsOptions {
  const own = keyFile === undefined ? undefined : readPem(keyFile)
  return {
    rejectUnauthorized: caFile !== undefined,
    ...(caFile !== undefined && { ca: readPem(caFile) }),
    ...(own && { key: own, cert: own }),
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new ImapLost(`cannot read ${path}`, { cause: error })
  }
}

/** The exit status of a shell that reached no server: the errno of a refusal, as Cyrus's shell has it. */
export function statusOf(error: unknown): number {
  const cause = error instanceof Error ? error.cause : undefined
  const deepest = cause instanceof Error && cause.cause ? cause.cause : cause
  const errors = deepest instanceof AggregateError ? deepest.errors : [deepest]
  return errors.some((each) => each instanceof Error && 'code' in each && each.code === 'ECONNREFUSED') ? 111 : 255
}
