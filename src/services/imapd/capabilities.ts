/** What the server says it can do: nothing that is not complete. */

import type { ImapClient, ImapServer } from './session-context.js'

/** Told before and after signing in. */
const always = ['IMAP4rev1', 'LITERAL+', 'ID', 'ENABLE']

/** Told once the user is known. */
const signedIn = [
  'ACL', // RFC 4314
  'RIGHTS=kxten',
  'QUOTA', // RFC 9208
  'QUOTA=RES-STORAGE',
  'QUOTA=RES-MESSAGE',
  'QUOTA=RES-MAILBOX',
  'NAMESPACE', // RFC 2342
  'UIDPLUS', // RFC 4315
  'CHILDREN', // RFC 3348
  'UNSELECT', // RFC 3691
  'MOVE', // RFC 6851
  'BINARY', // RFC 3516
  'CONDSTORE', // RFC 7162
  'QRESYNC',
  'ESEARCH', // RFC 4731
  'SEARCHRES', // RFC 5182
  'PARTIAL', // RFC 9394
  'WITHIN', // RFC 5032
  'SORT', // RFC 5256
  'SORT=DISPLAY', // RFC 5957
  'ESORT', // RFC 5267
  'THREAD=ORDEREDSUBJECT',
  'THREAD=REFERENCES',
  'LIST-EXTENDED', // RFC 5258
  'LIST-STATUS', // RFC 5819
  'LIST-MYRIGHTS', // RFC 8440
  'SPECIAL-USE', // RFC 6154
  'CREATE-SPECIAL-USE',
  'STATUS=SIZE', // RFC 8438
  'OBJECTID', // RFC 8474
  'SAVEDATE', // RFC 8514
  'PREVIEW', // RFC 8970
  'METADATA', // RFC 5464
  'UTF8=ACCEPT', // RFC 6855
  'UNAUTHENTICATE', // RFC 8437
]

interface About {
  readonly server: ImapServer
  readonly client: ImapClient
  readonly user?: object | undefined
}

/** The capabilities that hold now, separated by spaces. */
export function capabilities(about: About): string {
  return shown(about, about.user === undefined ? beforeSignIn(about) : afterSignIn(about))
}

/**
 * All that the server can do, for a client that asks before it signs in: as Cyrus answers, and its Perl library, which
 * cyradm is made with, asks only then.
 */
export function everyCapability(about: About): string {
  return about.user === undefined
    ? shown(about, [...new Set([...beforeSignIn(about), ...afterSignIn(about)])])
    : capabilities(about)
}

function shown({ server }: About, words: readonly string[]): string {
  return words.filter((word) => !server.settings.suppressed.has(word.toUpperCase())).join(' ')
}

const afterSignIn = (about: About): string[] => [...always, ...signedIn, ...byConfiguration(about)]

function beforeSignIn({ client }: About): string[] {
  const { canStartTls, plaintextAllowed, mechanisms } = client.door
  return [
    ...always,
    ...(canStartTls ? ['STARTTLS'] : []),
    ...(plaintextAllowed ? [] : ['LOGINDISABLED']),
    ...mechanisms.map((name) => `AUTH=${name}`),
    ...(mechanisms.length > 0 ? ['SASL-IR'] : []),
  ]
}

function byConfiguration({ server, client }: About): string[] {
  const { idlePoll, maxMessageSize } = server.settings
  return [
    ...(idlePoll > 0 ? ['IDLE'] : []),
    ...(client.compressed ? [] : ['COMPRESS=DEFLATE']), // RFC 4978 §3
    ...(maxMessageSize > 0 ? [`APPENDLIMIT=${maxMessageSize}`] : []), // RFC 7889 §2
  ]
}
