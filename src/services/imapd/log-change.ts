/** What the log is told of changes that clients made: the lines that log analysers know, and the audit log. */
import type { InternalName } from '../../store/mailbox-name.js'
import { adminForm } from '../../store/namespace.js'
import type { SessionIn } from './session-context.js'

type Session = SessionIn<'authenticated'>

export function logCreated(session: Session, name: InternalName, uniqueId: string): void {
  const mailbox = form(session, name)
  session.client.door.log.event('mailbox.created', { mailbox, by: session.user.user })
  audit(session, 'create', { mailbox, uniqueid: uniqueId })
}

export function logDeleted(session: Session, names: readonly InternalName[]): void {
  for (const name of names) {
    const mailbox = form(session, name)
    session.client.door.log.event('mailbox.deleted', { mailbox, by: session.user.user })
    audit(session, 'delete', { mailbox })
  }
}

export function logRenamed(
  session: Session,
  renamed: readonly { readonly from: InternalName; readonly to: InternalName }[],
): void {
  for (const { from, to } of renamed) {
    const [mailbox, other] = [form(session, from), form(session, to)]
    session.client.door.log.event('mailbox.renamed', { mailbox, to: other, by: session.user.user })
    audit(session, 'rename', { oldmailbox: mailbox, newmailbox: other })
  }
}

export function logExpunged(session: Session, name: InternalName, count: number): void {
  if (count === 0) return
  const mailbox = form(session, name)
  session.client.door.log.event('messages.expunged', { mailbox, count })
  audit(session, 'expunge', { mailbox, count: String(count) })
}

export function logAppended(
  session: Session,
  name: InternalName,
  facts: { readonly uid: number; readonly guid: string },
): void {
  audit(session, 'append', { mailbox: form(session, name), uid: String(facts.uid), guid: facts.guid })
}

export function logAcl(
  session: Session,
  name: InternalName,
  entry: { readonly identifier: string; readonly rights: string },
): void {
  audit(session, 'acl', { mailbox: form(session, name), ...entry })
}

function form({ server }: Session, name: InternalName): string {
  return adminForm(name, server.names.options)
}

function audit({ server, client }: Session, action: string, fields: Readonly<Record<string, string>>): void {
  if (server.settings.auditLog) client.door.log.event('audit', { action, session: client.door.id, ...fields })
}
