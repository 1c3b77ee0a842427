/** What the server says it can do: nothing that is not complete. */

import type { ImapClient, ImapServer } from './session-context.js'
import type { ImapSettings } from './settings.js'

/** Told before and after signing in. */
const always = ['IMAP4rev1', 'LITERAL+', 'ID', 'ENABLE']

/** Told once the user is known. */
const signedIn = [
  'ACL', // RFC 4314
  'RIGHTS=kxten',
  'QUOTA', // RFC 9208
  'QUOTA=RES-STORAGE',
  'QUOTA=RES-MESSAGE',
  'NAMESPACE', // RFC 2342
  'UIDPLUS', // RFC 4315
  'CHILDREN', // RFC 3348
  'UNSELECT', // RFC 3691
  'MOVE', // RFC 6851
]

interface About {
  readonly server: ImapServer
  readonly client: ImapClient
  readonly user?: object | undefined
}

/** The capabilities that hold now, separated by spaces. */
export function capabilities({ server, client, user }: About): string {
  const { settings } = server
  const { door } = client
  if (user !== undefined) return [...always, ...signedIn, ...byConfiguration(settings, client)].join(' ')
  const words = [...always]
  if (door.canStartTls) words.push('STARTTLS')
  if (!door.plaintextAllowed) words.push('LOGINDISABLED')
  const { mechanisms } = door
  return [...words, ...mechanisms.map((name) => `AUTH=${name}`), ...(mechanisms.length > 0 ? ['SASL-IR'] : [])].join(
    ' ',
  )
}

function byConfiguration(settings: ImapSettings, _client: ImapClient): string[] {
  return settings.idlePoll > 0 ? ['IDLE'] : []
}
