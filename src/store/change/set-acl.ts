/** SETACL and DELETEACL. RFC 4314 §3.1, §3.2 */
import { changeAcl, isIdentifier } from '../acl.js'
import { StoreError } from '../errors.js'
import type { OutcomeOf, SetAcl } from './change.js'
import type { Transaction } from './transaction.js'

/** @throws StoreError noSuchMailbox, notPermitted, badAcl */
export function setAcl(tx: Transaction, change: SetAcl): OutcomeOf<SetAcl> {
  const mailbox = tx.named(change.name)
  tx.demand(mailbox, change.as, 'a')
  if (!isIdentifier(change.identifier))
    throw new StoreError('badAcl', `"${change.identifier.slice(0, 80)}" cannot stand in an ACL`)
  const acl = changeAcl(mailbox.entry.acl, { identifier: change.identifier, rights: change.rights })
  const modSeq = mailbox.nextModSeq()
  mailbox.amend({ acl })
  tx.owe({ kind: 'header', mailbox: mailbox.entry.id, version: mailbox.entry.version })
  tx.effects.push({ kind: 'listChanged' })
  return { modSeq }
}
