/** Changes of one row: subscriptions, annotations, special use, marks. */
import { StoreError } from '../errors.js'
import { ancestors, isUserInbox } from '../mailbox-name.js'
import type { MailboxId } from '../types.js'
import type { MarkPop3, MarkRecent, SetAnnotation, SetOptions, SetSpecialUse, Subscribe } from './change.js'
import type { Transaction } from './transaction.js'

const done: Record<string, never> = {}

/** Names of mailboxes that are gone can be subscribed to. RFC 9051 §6.3.7. @throws StoreError notPermitted */
export function subscribe(tx: Transaction, change: Subscribe): Record<string, never> {
  const { as } = change
  const administers = as.kind === 'user' && as.admin && tx.rights({ name: change.name, acl: '' }, as).includes('a')
  if (as.kind === 'user' && !administers && as.user !== change.user)
    throw new StoreError('notPermitted', `Permission denied: subscriptions of ${change.user} are not yours`)
  if (change.subscribed) tx.tables.subscriptions.put([change.user, change.name], true)
  else tx.tables.subscriptions.remove([change.user, change.name])
  return done
}

/** @throws StoreError noSuchMailbox, notPermitted, overQuota */
export function setAnnotation(tx: Transaction, change: SetAnnotation): Record<string, never> {
  const { as, user } = change
  const key = { mailbox: (change.mailbox ?? 0) as MailboxId, sub: [change.entry, user ?? ''] as const }
  const grown = (change.value?.length ?? 0) - (tx.tables.annotations.get(key)?.length ?? 0)
  if (change.mailbox === undefined) {
    if (as.kind === 'user' && !as.admin && (user === undefined || user !== as.user))
      throw new StoreError('notPermitted', 'Permission denied: only an administrator annotates the server')
  } else {
    const mailbox = tx.mailbox(change.mailbox)
    // RFC 5464 §3.3: a private entry needs r, a shared one l and one of r, s, w, i, p; we ask for w as Cyrus does. Like
    // there, who may change the rights of everybody, an administrator, need not do it first: mboxcfg, expire, sieve.
    const admin = as.kind === 'user' && as.admin
    tx.demand(mailbox, as, admin ? 'a' : user === undefined ? 'lw' : 'r')
    if (grown > 0) tx.demandQuota(mailbox.entry.quotaRoot, { 'X-ANNOTATION-STORAGE': grown })
    tx.addUsage(mailbox.entry.quotaRoot, { 'X-ANNOTATION-STORAGE': grown })
    mailbox.nextModSeq()
  }
  if (change.value === undefined) tx.tables.annotations.remove(key)
  else tx.tables.annotations.put(key, change.value)
  return done
}

/** One mailbox of a user for each use, INBOX for none. RFC 6154 §3. @throws StoreError noSuchMailbox, notPermitted, inUse */
export function setSpecialUse(tx: Transaction, change: SetSpecialUse): Record<string, never> {
  const mailbox = tx.mailbox(change.mailbox)
  tx.demand(mailbox, change.as, 'l')
  const inbox = ancestors(mailbox.entry.name).find(isUserInbox)
  if (change.specialUse.length > 0 && !inbox)
    throw new StoreError('notPermitted', `${mailbox.entry.name} is no personal folder: it can have no special use`)
  if (inbox && change.as.kind === 'user' && !change.as.admin) tx.demand(tx.named(inbox), change.as, 'a')
  mailbox.amend({ specialUse: change.specialUse })
  mailbox.nextModSeq()
  tx.owe({ kind: 'header', mailbox: change.mailbox, version: mailbox.entry.version })
  tx.effects.push({ kind: 'listChanged' })
  return done
}

/** @throws StoreError noSuchMailbox, notPermitted */
export function setOptions(tx: Transaction, change: SetOptions): Record<string, never> {
  const mailbox = tx.mailbox(change.mailbox)
  tx.demand(mailbox, change.as, 'a')
  const { sharedSeen = mailbox.entry.sharedSeen, pop3ShowAfter = mailbox.entry.pop3ShowAfter } = change
  mailbox.amend({ sharedSeen, pop3ShowAfter })
  mailbox.nextModSeq()
  tx.owe({ kind: 'header', mailbox: change.mailbox, version: mailbox.entry.version })
  return done
}

export function markRecent(tx: Transaction, change: MarkRecent): Record<string, never> {
  const mailbox = tx.mailbox(change.mailbox)
  if (change.uid > mailbox.counts.recentUid) {
    mailbox.counts.recentUid = change.uid
    mailbox.countsChanged()
  }
  return done
}

export function markPop3(tx: Transaction, change: MarkPop3): Record<string, never> {
  const mailbox = tx.mailbox(change.mailbox)
  mailbox.counts.lastPop3 = tx.now
  mailbox.countsChanged()
  return done
}
