/** From a proven identity to an open maildrop: name, rights, lock, messages. RFC 1939 §4 */
import type { Identity } from '../../auth/identity.js'
import type { Mailbox } from '../../store/types.js'
import { err, ok, type Reply } from '../../syntax/pop3/reply.js'
import type { SignInOutcome } from '../worker/client-session.js'
import { loadDrop } from './maildrop.js'
import { type Answer, answer, type Pop3Session } from './state.js'

/** A client that guesses is sent away after so many. */
const MOST_FAILURES = 10

/** The answer to PASS, APOP and AUTH. `folder`: what stood behind + in the user name. */
export async function conclude(session: Pop3Session, outcome: SignInOutcome, folder = ''): Promise<Answer> {
  session.state = { kind: 'authorization' }
  if (outcome.kind === 'signedIn') return answer(await openDrop(session, { identity: outcome.identity, folder }))
  session.failures++
  return answer(refusal(outcome), session.failures >= MOST_FAILURES ? 'end' : undefined)
}

function refusal(outcome: Exclude<SignInOutcome, { kind: 'signedIn' }>): Reply {
  if (outcome.kind === 'noMechanism') return err('Not available here: use STLS first, or another mechanism', 'AUTH')
  if (outcome.kind === 'cancelled') return err('Client canceled authentication')
  if (outcome.kind === 'malformed') return err('Error base64 decoding string')
  if (outcome.limit) return err(outcome.text, 'IN-USE')
  if (outcome.temporary) return err(outcome.text, 'SYS/TEMP')
  return err(outcome.text === 'authentication failure' ? 'Invalid login' : outcome.text, 'AUTH')
}

async function openDrop(session: Pop3Session, about: { identity: Identity; folder: string }): Promise<Reply> {
  const { client, server } = session
  const { identity } = about
  const mailbox = findMailbox(session, about)
  if (typeof mailbox === 'string') {
    client.forget()
    return err(`Unable to open maildrop: ${mailbox}`, 'SYS/PERM')
  }
  if (!server.locks.acquire(mailbox.id, client.id)) {
    client.forget()
    return err('Unable to lock maildrop: Mailbox is locked by POP server', 'IN-USE')
  }
  try {
    if (!server.delay.allows(identity.user, mailbox.lastPop3)) {
      release(session, mailbox)
      return err(`Logins must be at least ${server.delay.seconds} seconds apart`, 'LOGIN-DELAY')
    }
    const drop = await loadDrop(server.store, { mailbox, hideDeleted: server.options.useImapFlags })
    await mark(session, mailbox)
    session.state = { kind: 'transaction', identity, drop }
  } catch (error) {
    release(session, mailbox)
    throw error
  }
  client.doing({ mailbox: mailbox.name })
  return ok(`Mailbox locked and ready SESSIONID=<${client.id}>`)
}

function release({ client, server }: Pop3Session, mailbox: Mailbox): void {
  server.locks.release(mailbox.id, client.id)
  client.forget()
}

/** The mailbox, or why there is none. */
function findMailbox(
  { server }: Pop3Session,
  { identity, folder }: { identity: Identity; folder: string },
): Mailbox | string {
  const { namespace, store, options } = server
  const viewer = { user: identity.user, admin: false }
  const name =
    folder === ''
      ? namespace.inboxOfUser(identity.user)
      : namespace.toInternal(namespace.prefixes(viewer).personal + folder, viewer)
  if (name === undefined) return 'Invalid mailbox name'
  return store.read((view) => {
    const mailbox = view.lookup(name)
    if (!mailbox) return 'Mailbox does not exist'
    const asked = options.useAcl || folder !== ''
    return asked && !view.rights(mailbox, identity).includes('r') ? 'Permission denied' : mailbox
  })
}

/** Seconds that the time of the last sign-in may be behind where nobody depends on it. */
const LAX = 3600

/** With popminpoll it must be known before the answer; else it is a note that an hour's grace keeps cheap. */
async function mark({ server, client }: Pop3Session, mailbox: Mailbox): Promise<void> {
  const marked = (): Promise<unknown> => server.store.change({ kind: 'markPop3', mailbox: mailbox.id })
  if (server.delay.seconds > 0) await marked()
  else if (Date.now() / 1000 - mailbox.lastPop3 > LAX)
    marked().catch((error: unknown) =>
      client.log.event('db.error', { doing: `noting a sign-in to ${mailbox.name}`, error }),
    )
}

/** `paul+Lists` opens a folder when popsubfolders says so. */
export function splitFolder({ server }: Pop3Session, user: string): { readonly user: string; readonly folder: string } {
  const plus = user.indexOf('+')
  if (!server.options.subfolders || plus <= 0) return { user, folder: '' }
  const at = user.indexOf('@', plus)
  const end = at < 0 ? user.length : at
  return { user: user.slice(0, plus) + user.slice(end), folder: user.slice(plus + 1, end) }
}
