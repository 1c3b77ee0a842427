// Recipients: users, folders after "+", shared folders, domains, quota.
import { expect } from 'chai'
import { anonymous, type RecipientOptions, resolveRecipient } from '../../src/delivery/recipient.js'
import { fakeStore } from './fake-store.js'

const options: RecipientOptions = {
  virtdomains: 'off',
  defaultdomain: 'internal',
  unixhierarchysep: true,
  lmtp_downcase_rcpt: true,
  postuser: 'post',
  lmtp_fuzzy_mailbox_match: false,
  lmtp_exclude_specialuse: ['\\Drafts'],
  lmtp_catchall_mailbox: undefined,
  lmtp_strict_quota: false,
}

const fake = fakeStore()
fake.add('user.paul')
fake.add('user.paul.Sent Mail', { acl: 'anyone\tp\t' })
fake.add('user.paul.a^b.c', { acl: 'anyone\tp\t' })
fake.add('user.paul.Drafts', { acl: 'anyone\tp\t', specialUse: ['\\Drafts'] })
fake.add('user.paul.private', { acl: 'mary\tp\t' })
fake.add('user.paul.&AOk-', { acl: 'anyone\tp\t' })
fake.add('user.mary.x', { acl: 'anyone\tp\t' })
fake.add('user.PAT')
fake.add('shared.news', { acl: 'anyone\tp\t' })
fake.add('example.com!user.paul')
fake.add('example.com!shared.news', { acl: 'anyone\tp\t' })

function where(address: string, changed: Partial<RecipientOptions> = {}, as = anonymous): string {
  const at = address.lastIndexOf('@')
  const mailbox = { local: at < 0 ? address : address.slice(0, at), domain: at < 0 ? undefined : address.slice(at + 1) }
  const envelope = { mailbox, ignoreQuota: false, size: 0, as }
  const found = fake.store.read((view) => resolveRecipient(view, envelope, { ...options, ...changed }))
  return found.kind === 'recipient' ? found.recipient.name : found.kind
}

const virtual = { virtdomains: 'userid', defaultdomain: 'def.org' } as const

/** Address, mailbox, and options if other than those above. */
const examples: [string, string, Partial<RecipientOptions>?][] = [
  ['paul', 'user.paul'],
  ['Paul@anywhere.example', 'user.paul'],
  ['PAT', 'unknown'],
  ['PAT', 'user.PAT', { lmtp_downcase_rcpt: false }],
  ['nobody', 'unknown'],
  ['nobody', 'user.paul', { lmtp_catchall_mailbox: 'paul' }],
  ['nobody+Sent Mail', 'user.paul', { lmtp_catchall_mailbox: 'paul' }],
  ['paul+', 'user.paul'],
  ['paul+Sent Mail', 'user.paul.Sent Mail'],
  ['paul+a.b/c', 'user.paul.a^b.c'],
  ['paul+a.b//c/', 'user.paul.a^b.c'],
  ['paul+sentmail', 'user.paul'],
  ['paul+sentmail', 'user.paul.Sent Mail', { lmtp_fuzzy_mailbox_match: true }],
  ['paul+A.B/C/deeper', 'user.paul.a^b.c', { lmtp_fuzzy_mailbox_match: true }],
  ['paul+nothing', 'user.paul', { lmtp_fuzzy_mailbox_match: true }],
  ['paul+Drafts', 'user.paul'],
  ['paul+private', 'user.paul'],
  ['paul+\u00e9', 'user.paul.&AOk-'],
  ['paul+Other Users/mary/x', 'user.paul'],
  ['paul+../mary', 'user.paul'],
  ['post+shared/news', 'shared.news'],
  ['POST+shared/news', 'shared.news'],
  ['post+user/paul', 'unknown'],
  ['+shared/news', 'unknown'],
  ['+shared.news', 'shared.news', { postuser: '', unixhierarchysep: false }],
  ['paul@Example.COM', 'example.com!user.paul', virtual],
  ['paul@def.org', 'user.paul', virtual],
  ['paul', 'user.paul', virtual],
  ['paul@other.org', 'unknown', virtual],
  ['paul@[127.0.0.1]', 'user.paul', virtual],
  ['post+shared/news@example.com', 'example.com!shared.news', virtual],
  ['a/b', 'unknown'],
  ['..', 'unknown'],
  ['', 'unknown'],
  ['x'.repeat(2000), 'unknown'],
]

describe('recipients', () => {
  for (const [address, mailbox, changed] of examples)
    it(`${address.slice(0, 40)} is ${mailbox}`, () => expect(where(address, changed)).to.equal(mailbox))
  it('take a submitter for what he may', () => {
    const mary = { kind: 'user', user: 'mary', groups: [], admin: false } as const
    expect(where('paul+private', {}, mary)).to.equal('user.paul.private')
  })
})
