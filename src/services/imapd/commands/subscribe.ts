/** SUBSCRIBE and UNSUBSCRIBE. RFC 9051 §6.3.7, §6.3.8 */
import type { NameForm } from '../../../syntax/imap/mailbox.js'
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import type { Reader } from '../../../syntax/imap/reader.js'
import { command } from '../command.js'
import { internalName, mailboxWith } from '../names.js'
import type { SessionIn } from '../session-context.js'

export const subscribe = command({
  name: 'SUBSCRIBE',
  state: 'authenticated',
  args: (input, client) => readName(input, client.nameForm),
  async run(session, name) {
    session.server.store.read((view) => mailboxWith(view, session, name, 'l'))
    await set(session, name, true)
  },
})

export const unsubscribe = command({
  name: 'UNSUBSCRIBE',
  state: 'authenticated',
  args: (input, client) => readName(input, client.nameForm),
  run: (session, name) => set(session, name, false),
})

function readName(input: Reader, form: NameForm): string {
  // "SUBSCRIBE MAILBOX name" of the time before IMAP4rev1 is not understood.
  input.space()
  return readMailbox(input, form)
}

async function set(session: SessionIn<'authenticated'>, name: string, subscribed: boolean): Promise<void> {
  const { server, user } = session
  const mailbox = internalName(session, name)
  await server.store.change({ kind: 'subscribe', as: user, user: user.user, name: mailbox, subscribed })
}
