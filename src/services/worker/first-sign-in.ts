/** A user who signs in without an INBOX gets one, where imapd.conf says so: autocreate_quota and its kin. */
import type { Identity } from '../../auth/identity.js'
import { type AutocreateOptions, autocreate } from '../../delivery/autocreate.js'
import { inboxOfUser } from '../../store/mailbox-name.js'
import type { Store } from '../../store/store.js'

/** For `OpenService.prepare`. One look at the index for users who have an INBOX. */
export function firstSignIn(store: Store, options: AutocreateOptions): (identity: Identity) => Promise<void> {
  return async ({ user, groups, admin }) => {
    if (options.autocreate_quota < 0 || admin || user === 'anonymous') return
    const inbox = inboxOfUser(user, options)
    if (inbox === undefined || store.read((view) => view.lookup(inbox) !== undefined)) return
    await autocreate(store, { user, groups, options })
  }
}
