/** Mailbox names at the edge: what the client wrote, the store's name, and back. */
import type { InternalName } from '../../store/mailbox-name.js'
import type { Mailbox } from '../../store/types.js'
import type { View } from '../../store/view.js'
import { type NameForm, writeMailbox } from '../../syntax/imap/mailbox.js'
import { decodeModifiedUtf7, encodeModifiedUtf7 } from '../../syntax/imap/modified-utf7.js'
import { writeAstring } from '../../syntax/imap/string.js'
import { No } from './answers.js'
import { refusal } from './errors.js'
import type { SessionIn } from './session-context.js'

/** The store's name for what the client wrote. @throws No */
export function internalName({ server, user }: SessionIn<'authenticated'>, name: string): InternalName {
  const internal = findInternalName({ server, user }, name)
  if (internal === undefined) throw refusal('badMailboxName')
  return internal
}

/** The store's name, or undefined when no mailbox can have that name. */
export function findInternalName(
  { server, user }: Pick<SessionIn<'authenticated'>, 'server' | 'user'>,
  name: string,
): InternalName | undefined {
  return server.names.toInternal(encodeModifiedUtf7(name), user)
}

/** The client's name as an astring; undefined when this client cannot name the mailbox. */
export function wireName({ server, user, client }: SessionIn<'authenticated'>, name: InternalName): string | undefined {
  const external = server.names.toExternal(name, user)
  return external === undefined ? undefined : externalWire(external, client.nameForm)
}

/** An external name (in modified UTF-7) as an astring in the client's form. */
export function externalWire(external: string, form: NameForm): string {
  return form === 'modifiedUtf7' ? writeAstring(external) : writeMailbox(decodeModifiedUtf7(external) ?? external, form)
}

/**
 * The mailbox, if the user has all rights of `needed` there. One who may not even look it up is told that there is
 * none. @throws No. RFC 4314 §4
 */
export function mailboxWith(view: View, session: SessionIn<'authenticated'>, name: string, needed: string): Mailbox {
  const mailbox = view.lookup(internalName(session, name))
  const rights = mailbox === undefined ? '' : view.rights(mailbox, session.user)
  if (mailbox === undefined || !(rights.includes('l') || holdsAll(rights, needed))) throw refusal('noSuchMailbox')
  if (!holdsAll(rights, needed)) throw refusal('notPermitted')
  return mailbox
}

export function holdsAll(rights: string, needed: string): boolean {
  for (const right of needed) if (!rights.includes(right)) return false
  return true
}

/** For APPEND, COPY and MOVE: a mailbox that is missing is one the client may make. RFC 9051 §7.1 TRYCREATE */
export function targetWith(view: View, session: SessionIn<'authenticated'>, name: string, needed: string): Mailbox {
  try {
    return mailboxWith(view, session, name, needed)
  } catch (error) {
    if (error instanceof No && error.code === 'NONEXISTENT') throw new No(error.message, 'TRYCREATE')
    throw error
  }
}
