/** The bytes of one message of the maildrop, as POP3 sends them. */
import type { Uid } from '../../store/types.js'
import { dropOf, type Pop3Session } from './state.js'

/** Undefined when somebody else has removed the message since sign-in. @throws StoreError */
export function messageAt(session: Pop3Session, index: number): Buffer | undefined {
  const { mailbox, uids } = dropOf(session)
  const { store } = session.server
  const found = store.read((view) => {
    const current = view.mailbox(mailbox.id)
    const message = view.message(mailbox.id, (uids[index] ?? 0) as Uid)
    return current && message && { current, message }
  })
  return found && store.readView(found.current, found.message)
}
