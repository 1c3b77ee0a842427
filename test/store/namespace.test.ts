// External and internal names: examples as Debian's Cyrus 3.6 answers, and the bijection.
import { expect } from 'chai'
import fc from 'fast-check'
import { type NamespaceOptions, namespace } from '../../src/store/namespace.js'
import { name, names } from './names.js'

const plain: NamespaceOptions = {
  altnamespace: false,
  unixhierarchysep: false,
  virtdomains: 'off',
  defaultdomain: undefined,
  userprefix: 'Other Users',
  sharedprefix: 'Shared Folders',
  altprefix: 'Alt Folders',
  crossdomains: false,
}
const paul = { user: 'paul', admin: false }
const john = { user: 'john.doe', admin: false }
const cyrus = { user: 'cyrus', admin: true }
const virtual = { ...plain, unixhierarchysep: true, virtdomains: 'userid', defaultdomain: 'def.org' } as const
const far = { user: 'paul@example.com', admin: false }
const boss = { user: 'boss@example.com', admin: true }
const both = { ...plain, altnamespace: true, unixhierarchysep: true }

/** Options, viewer, what the client says, the mailbox (undefined: refused), and what it is called when listed. */
const examples: [NamespaceOptions, typeof paul, string, string | undefined, string?][] = [
  [plain, paul, 'INBOX', 'user.paul'],
  [plain, paul, 'inbox.foo', 'user.paul.foo', 'INBOX.foo'],
  [plain, paul, 'INBOX.a^b', 'user.paul.a^b'],
  [plain, paul, 'user.mary.x', 'user.mary.x'],
  [plain, paul, 'user.paul.x', 'user.paul.x', 'INBOX.x'],
  [plain, paul, 'INBOX..x.', 'user.paul.x', 'INBOX.x'],
  [plain, paul, 'shared.x', 'shared.x'],
  [plain, paul, 'user', undefined],
  [plain, paul, 'shared/x', undefined],
  [plain, cyrus, 'user.john^doe', 'user.john^doe'],
  [both, paul, 'Inbox', 'user.paul', 'INBOX'],
  [both, paul, 'Sent/a.b', 'user.paul.Sent.a^b'],
  [both, paul, 'inbox/x', 'user.paul.INBOX.x', 'INBOX/x'],
  [both, paul, 'INBOX/Inbox/x', undefined],
  [both, paul, 'Alt Folders/INBOX/inbox', 'user.paul.INBOX.inbox'],
  [both, paul, 'Alt Folders/Alt Folders', 'user.paul.Alt Folders'],
  [both, paul, 'Alt Folders/Other Users', 'user.paul.Other Users'],
  [both, paul, 'ok/INBOX', 'user.paul.ok.INBOX'],
  [both, paul, 'Other Users', undefined],
  [both, paul, 'Other Users/john.doe/x', 'user.john^doe.x'],
  [both, john, 'Other Users/paul', 'user.paul'],
  [both, paul, 'Shared Folders/user.foo', 'user^foo'],
  [both, paul, 'Shared Folders/user/foo', undefined],
  [both, paul, 'Shared Folders', undefined],
  [both, paul, 'user/paul/zz', 'user.paul.user.paul.zz'],
  [both, paul, 'a^b', undefined],
  [both, cyrus, 'user/john.doe/Sent', 'user.john^doe.Sent'],
  [both, cyrus, 'shared', 'shared'],
  [both, cyrus, 'user/john.doe@example.com', 'user.john^doe@example^com'],
  [virtual, cyrus, 'user/john.doe/a.b@Example.com', 'example.com!user.john^doe.a^b', 'user/john.doe/a.b@example.com'],
  [virtual, cyrus, 'user/paul@def.org', 'user.paul', 'user/paul'],
  [virtual, cyrus, 'user/a@b@c.de', 'c.de!user.a@b'],
  [virtual, cyrus, 'user/fred@', undefined],
  [virtual, cyrus, 'user/fred@a..b', undefined],
  [virtual, far, 'INBOX/a@b', 'example.com!user.paul.a@b'],
  [virtual, far, 'shared/x', 'example.com!shared.x'],
  [virtual, boss, 'user/paul', 'example.com!user.paul'],
  [virtual, boss, 'user/paul@other.org', undefined],
  [{ ...virtual, crossdomains: true }, far, 'user/x@other.org', 'other.org!user.x'],
]

describe('namespace', () => {
  for (const [options, viewer, text, internal, listed] of examples)
    it(`${viewer.user}: ${text} is ${internal}`, () => {
      const space = namespace(options)
      const read = space.toInternal(text, viewer)
      expect(read).to.equal(internal)
      if (read !== undefined) expect(space.toExternal(read, viewer)).to.equal(listed ?? text)
    })

  it('hides other domains', () => {
    expect(namespace(virtual).toExternal(name('other.org!user.x'), far)).to.equal(undefined)
  })

  it('tells its prefixes', () => {
    expect(namespace(plain).prefixes(paul)).to.deep.equal({ personal: 'INBOX.', others: 'user.', shared: '' })
    const alternative = { personal: '', others: 'Other Users/', shared: 'Shared Folders/' }
    expect(namespace(both).prefixes(paul)).to.deep.equal(alternative)
    expect(namespace(both).prefixes(cyrus)).to.deep.equal({ personal: 'INBOX/', others: 'user/', shared: '' })
  })

  const option = fc.record({
    altnamespace: fc.boolean(),
    unixhierarchysep: fc.boolean(),
    virtdomains: fc.constantFrom('off' as const, 'userid' as const, 'on' as const),
    defaultdomain: fc.constantFrom(undefined, 'def.org'),
    userprefix: fc.constantFrom('Other Users', 'Users/'),
    altprefix: fc.constantFrom('Alt Folders', 'Alt'),
    sharedprefix: fc.constantFrom('Shared Folders', 'Public'),
    crossdomains: fc.boolean(),
  })
  const viewer = fc.record({
    user: fc.constantFrom('paul', 'john.doe', 'paul@example.com', 'cyrus', 'john.doe@a-b.org', 'x@def.org'),
    admin: fc.boolean(),
  })

  it('is a bijection: internal to external and back', () => {
    fc.assert(
      fc.property(option, viewer, names, (options, who, one) => {
        const space = namespace(options)
        const external = space.toExternal(one, who)
        if (external !== undefined) expect(space.toInternal(external, who)).to.equal(one)
      }),
      { numRuns: 3000 },
    )
  })
  it('names again whatever it understood', () => {
    fc.assert(
      fc.property(option, viewer, names, fc.boolean(), (options, who, one, upper) => {
        const space = namespace(options)
        const text = one.slice(one.indexOf('!') + 1).replaceAll('.', space.separator)
        const read = space.toInternal(upper ? text.toUpperCase() : text, who)
        const external = read && space.toExternal(read, who)
        if (read === undefined) return
        // Without a default domain, a name with "@" in the default domain cannot be told from one in another.
        if (external === undefined) expect(options.virtdomains !== 'off' && !options.defaultdomain).to.equal(true)
        else expect(space.toInternal(external, who)).to.equal(read)
      }),
      { numRuns: 3000 },
    )
  })
  it('survives any text', () => {
    fc.assert(
      fc.property(option, viewer, fc.string({ unit: 'binary' }), (options, who, text) => {
        namespace(options).toInternal(text, who)
      }),
    )
  })
})
