/** Events of the store and of delivery: mail in, mail out, mailboxes, rights. */
import { event, type Fields } from '../event.js'

interface Named {
  readonly mailbox: string
}

/** `key=<value>` for each field that is there. */
const angled = (fields: Fields): string =>
  Object.entries(fields)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=<${String(value)}>`]))
    .join(' ')

export const storeEvents = {
  delivered: event({
    level: 'info',
    doc: 'A message was stored for one recipient.',
    text: ({ messageId, mailbox }: Named & { messageId?: string | undefined }) =>
      `Delivered: ${messageId ?? '<nomsgid>'} to mailbox: ${mailbox}`,
  }),
  'duplicate.eliminated': event({
    level: 'info',
    doc: 'A message was not stored because the mailbox has had it.',
    text: ({ messageId, mailbox }: Named & { messageId: string }) =>
      `dupelim: eliminated duplicate message to ${mailbox} id ${messageId}`,
  }),
  'delivery.failed': event({
    level: 'notice',
    doc: 'A message could not be stored for one recipient; the reply said so.',
    text: ({ recipient, why }: { recipient: string; why: string }) => `verify_user(${recipient}) failed: ${why}`,
  }),
  'messages.expunged': event({
    level: 'notice',
    doc: 'Messages were removed from a mailbox.',
    text: ({ mailbox, count }: Named & { count: number }) => `Expunged ${count} messages from ${mailbox}`,
  }),
  'mailbox.created': event({
    level: 'notice',
    doc: 'A mailbox was made.',
    text: ({ mailbox, by }: Named & { by: string }) => `created mailbox ${mailbox} by ${by}`,
  }),
  'mailbox.deleted': event({
    level: 'notice',
    doc: 'A mailbox was deleted.',
    text: ({ mailbox, by }: Named & { by: string }) => `deleted mailbox ${mailbox} by ${by}`,
  }),
  'mailbox.renamed': event({
    level: 'notice',
    doc: 'A mailbox got another name or place.',
    text: ({ mailbox, to, by }: Named & { to: string; by: string }) => `renamed mailbox ${mailbox} to ${to} by ${by}`,
  }),
  audit: event({
    level: 'notice',
    doc: 'A change of the store, with auditlog: yes. action is append, expunge, create, delete, rename or acl.',
    text: ({ action, session, ...rest }: { action: string; session: string } & Fields) =>
      `auditlog: ${action} sessionid=<${session}> ${angled(rest)}`.trimEnd(),
  }),
  'store.recovered': event({
    level: 'notice',
    doc: 'Start-up completed what a crash had left.',
    text: ({ messages, plans }: { messages: number; plans: number }) =>
      `recovered: completed ${messages} messages and ${plans} plans`,
  }),
  'store.quarantined': event({
    level: 'warning',
    doc: 'A file that nobody can explain was moved aside.',
    text: ({ path, why }: { path: string; why: string }) => `moved ${path} to quarantine: ${why}`,
  }),
}
