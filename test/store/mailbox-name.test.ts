// Internal names: which are valid, and their algebra.
import { expect } from 'chai'
import fc from 'fast-check'
import {
  ancestors,
  compareNames,
  deletedName,
  domainOf,
  inboxOf,
  inboxOfUser,
  isBelow,
  isDeleted,
  isModifiedUtf7,
  isUserInbox,
  moveBelow,
  nameOfSortKey,
  ownerOf,
  parent,
  readDeletedName,
  readInternalName,
  sortKey,
} from '../../src/store/mailbox-name.js'
import { name, names } from './names.js'

const valid = [
  'user.paul',
  'user.paul.Sent',
  'user.john^doe.a b',
  'example.com!user.paul',
  'shared',
  '#news.comp.lang',
  'DELETED.user.paul.5E5F8A1B',
  'user.paul.&AOk-',
  'user.paul.a&-b',
  'user.paul.&2D3eAA-',
  'user.paul.a*b',
  `user.paul.${'x'.repeat(250)}`,
  'user.~x',
]
const invalid = [
  '',
  'user',
  'user.',
  '.user',
  'user..paul',
  'user.paul.a/b',
  'user.paul.a\\b',
  'user.paul.a"b',
  'user.paul.a%b',
  'user.paul.a\tb',
  'user.paul.a\x7fb',
  'user.paul.é',
  'user.paul.a&b',
  'user.paul.&AEE-',
  'user.paul.&AOk',
  'user.paul.&AOl=-',
  'user.paul.&2D0-',
  'user.paul.&AOk-&AOk-',
  'user.paul.&AAE-',
  '!user.paul',
  'Example.com!user.paul',
  'a..b!user.paul',
  'a!b!c',
  '~x',
  'DELETED',
  `user.paul.${'x'.repeat(251)}`,
  `user.${'abcdefgh.'.repeat(60)}x`,
]

describe('internal names', () => {
  it('accept what can be a name', () => {
    for (const text of valid) expect(readInternalName(text), text).to.equal(text)
  })
  it('refuse what cannot', () => {
    for (const text of invalid) expect(readInternalName(text), text).to.equal(undefined)
  })
  it('know parents, owners and domains', () => {
    const deep = name('example.com!user.john^doe.Sent.2024')
    expect(parent(deep)).to.equal('example.com!user.john^doe.Sent')
    expect(ancestors(deep)).to.deep.equal(['example.com!user.john^doe.Sent', 'example.com!user.john^doe'])
    expect(ownerOf(deep)).to.equal('john.doe@example.com')
    expect(domainOf(deep)).to.equal('example.com')
    expect(inboxOf(deep)).to.equal('example.com!user.john^doe')
    expect(isUserInbox(name('user.paul'))).to.equal(true)
    expect(isUserInbox(deep)).to.equal(false)
    expect(ownerOf(name('shared.user.x'))).to.equal(undefined)
    expect(parent(name('shared'))).to.equal(undefined)
    expect(isBelow(name('user.paul.x'), name('user.paul'))).to.equal(true)
    expect(isBelow(name('user.paula'), name('user.paul'))).to.equal(false)
    expect(moveBelow(name('user.a.x.y'), { from: name('user.a.x'), to: name('user.b') })).to.equal('user.b.y')
  })
  it('find the INBOX of a user', () => {
    const off = { virtdomains: 'off', defaultdomain: undefined } as const
    const on = { virtdomains: 'userid', defaultdomain: 'def.org' } as const
    expect(inboxOfUser('john.doe', off)).to.equal('user.john^doe')
    expect(inboxOfUser('john@example.com', off)).to.equal('user.john@example^com')
    expect(inboxOfUser('john@Example.com', on)).to.equal('example.com!user.john')
    expect(inboxOfUser('john@def.org', on)).to.equal('user.john')
    for (const bad of ['', 'a/b', 'a!b', 'a^b', '../x', 'a\0b', 'john@', 'x'.repeat(5000)])
      expect(inboxOfUser(bad, on), bad.slice(0, 20)).to.equal(undefined)
  })
  it('of users and INBOXes are inverse', () => {
    const on = { virtdomains: 'on', defaultdomain: undefined } as const
    fc.assert(
      fc.property(names, (one) => {
        const inbox = inboxOf(one)
        const odd = inbox === undefined || (domainOf(one) === undefined && inbox.includes('@'))
        if (!odd) expect(inboxOfUser(ownerOf(one) ?? '', on)).to.equal(inbox)
      }),
    )
  })
  it('of deleted mailboxes tell what was when', () => {
    const at = new Date(1_700_000_000_000)
    const deleted = deletedName(name('example.com!user.paul.x'), at)
    expect(deleted).to.equal('example.com!DELETED.user.paul.x.6553F100')
    if (deleted === undefined) return
    expect(isDeleted(deleted)).to.equal(true)
    expect(readDeletedName(deleted)).to.deep.equal({ name: 'example.com!user.paul.x', at })
    expect(readDeletedName(name('user.paul'))).to.equal(undefined)
  })
  it('sort a mailbox directly before its children', () => {
    const sorted = ['user.paul x', 'user.paul.b', 'user.paul', 'user.paul-x', 'user.paul.a.b']
      .map(name)
      .sort(compareNames)
    expect(sorted).to.deep.equal(['user.paul', 'user.paul.a.b', 'user.paul.b', 'user.paul x', 'user.paul-x'])
    fc.assert(fc.property(names, (one) => nameOfSortKey(sortKey(one)) === one))
  })
  it('survive any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        readInternalName(text)
        isModifiedUtf7(text)
      }),
    )
  })
})
